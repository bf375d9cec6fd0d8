namespace Tinyvex.Requests;

/// <summary>What the server says of itself.</summary>
internal sealed class ServerFacts
{
    public const int Protocol = 1;

    private int _connections;

    public required string Version { get; init; }

    public required string SqliteVersion { get; init; }

    public required long StartedAt { get; init; }

    public required string DatabasePath { get; init; }

    public long DatabaseBytes => Length(DatabasePath);

    public long WalBytes => Length(DatabasePath + "-wal");

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Counts one more connection, unless there are as many as there may be.</summary>
    public bool TryAddConnection(int most)
    {
        if (Interlocked.Increment(ref _connections) <= most) return true;
        RemoveConnection();
        return false;
    }

    public void RemoveConnection() => Interlocked.Decrement(ref _connections);

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
