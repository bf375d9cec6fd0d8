namespace Tinyvex.Connections;

/// <summary>What the server says of itself.</summary>
internal sealed class ServerFacts
{
    public const int Protocol = 1;

    private int _connections;

    public required string Version { get; init; }

    public required string SqliteVersion { get; init; }

    public required long StartedAt { get; init; }

    public required string DatabasePath { get; init; }

    public int Connections => Volatile.Read(ref _connections);

    public int AddConnection() => Interlocked.Increment(ref _connections);

    public void RemoveConnection() => Interlocked.Decrement(ref _connections);
}
