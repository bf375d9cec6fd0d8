namespace Tinyvex.Contract.Rows;

/// <summary>The server and what it holds.</summary>
public sealed record ServerRow
{
    public required string Version { get; init; }

    /// <summary>The version of the protocol.</summary>
    public required long Protocol { get; init; }

    public required string SqliteVersion { get; init; }

    public required string StoreId { get; init; }

    public required long StartedAt { get; init; }

    public required long Connections { get; init; }

    public required long Subscriptions { get; init; }

    /// <summary>Subscriptions whose next update is no longer in memory.</summary>
    public required long ReadersBehind { get; init; }

    /// <summary>Agents that run.</summary>
    public required long Agents { get; init; }

    public required long DatabaseBytes { get; init; }

    public required long WalBytes { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>Why the store takes no writes; null while it does.</summary>
    public required string? Trouble { get; init; }

    public required Durability Durability { get; init; }

    public required long Threads { get; init; }

    public required long Messages { get; init; }

    public required long RunsRunning { get; init; }

    public required long RunsQueued { get; init; }

    public required long PermissionsPending { get; init; }

    public required long ElicitationsPending { get; init; }

    /// <summary>Reads of the store since the start.</summary>
    public required long Reads { get; init; }

    /// <summary>The number of the last event in the log.</summary>
    public required long LastEvent { get; init; }
}
