namespace Tinyvex.Contract.Rows;

/// <summary>A run in an update. <c>prompt</c> comes with the first alone.</summary>
public sealed record RunPatch
{
    public required string RunId { get; init; }

    public required string ThreadId { get; init; }

    /// <summary>Its place in the thread: given once, and growing.</summary>
    public required long Order { get; init; }

    public required string Agent { get; init; }

    public IReadOnlyList<ContentBlock>? Prompt { get; init; }

    /// <summary>What became of the turn; the agent's own reason to end it is <c>stopReason</c>.</summary>
    public required RunStatus Status { get; init; }

    [ValuesOf(typeof(StopReason))]
    public required string? StopReason { get; init; }

    /// <summary>Null unless it failed.</summary>
    public required RunError? Error { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>Null while it waits.</summary>
    public required long? StartedAt { get; init; }

    /// <summary>Null until it has ended.</summary>
    public required long? FinishedAt { get; init; }

    /// <summary>Since when its agent has said nothing, where that is long; null while it talks or waits for a person, and once it has ended.</summary>
    public required long? StalledAt { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
