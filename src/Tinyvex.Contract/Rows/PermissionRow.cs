namespace Tinyvex.Contract.Rows;

/// <summary>What an agent asked leave for, and the answer.</summary>
public sealed record PermissionRow
{
    public required string RequestId { get; init; }

    public required string ThreadId { get; init; }

    /// <summary>Null where it asked outside of a run.</summary>
    public required string? RunId { get; init; }

    /// <summary>Its place in the thread: given once, and growing.</summary>
    public required long Order { get; init; }

    public required PermissionToolCall ToolCall { get; init; }

    public required IReadOnlyList<PermissionOption> Options { get; init; }

    public required PermissionStatus Status { get; init; }

    /// <summary>Null until it is answered or cancelled.</summary>
    public required PermissionOutcome? Outcome { get; init; }

    /// <summary>Who or what made the decision: <c>client</c> or <c>client:NAME</c>, <c>policy:POLICY</c>; null until it is made, and where it was cancelled with its turn.</summary>
    public required string? AnsweredBy { get; init; }

    public required long CreatedAt { get; init; }

    public required long? AnsweredAt { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
