namespace Tinyvex.Contract.Rows;

/// <summary>A terminal in an update. <c>output</c>, <c>outputStart</c> and <c>outputLen</c> are absent where they are unchanged.</summary>
public sealed record TerminalPatch
{
    public required string ThreadId { get; init; }

    public required string TerminalId { get; init; }

    /// <summary>Its place in the thread: given once, and growing.</summary>
    public required long Order { get; init; }

    public required string Command { get; init; }

    /// <summary>Null where the agent named none.</summary>
    public required IReadOnlyList<string>? Args { get; init; }

    /// <summary>The directory that it runs in.</summary>
    public required string Cwd { get; init; }

    /// <summary>The end of what it has printed, as it came.</summary>
    public string? Output { get; init; }

    /// <summary>Where <c>output</c> begins, in bytes of UTF-8 of all that was printed.</summary>
    public long? OutputStart { get; init; }

    /// <summary>Bytes of UTF-8 of all that was printed: where <c>output</c> ends.</summary>
    public long? OutputLen { get; init; }

    public required TerminalStatus Status { get; init; }

    /// <summary>Null while it runs, and where a signal ended it.</summary>
    public required long? ExitCode { get; init; }

    /// <summary>The signal that ended it, such as <c>SIGTERM</c>.</summary>
    public required string? Signal { get; init; }

    public required long CreatedAt { get; init; }

    public required long? ExitedAt { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>More of <c>output</c> is kept than its last 64 KiB. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
