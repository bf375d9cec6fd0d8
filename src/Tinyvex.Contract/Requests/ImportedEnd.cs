namespace Tinyvex.Contract.Requests;

/// <summary>How a turn ended.</summary>
public sealed record ImportedEnd
{
    public required string RunId { get; init; }

    /// <summary><c>completed</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    public required RunStatus Status { get; init; }

    [OrNull]
    public string? StopReason { get; init; }

    [OrNull]
    public RunError? Error { get; init; }
}
