namespace Tinyvex.Contract.Requests;

/// <summary>A run that is over.</summary>
public sealed record ImportedRun
{
    /// <summary>One that no other thread has.</summary>
    public required string RunId { get; init; }

    /// <summary>The thread's <c>source</c> where it is absent.</summary>
    public string? Agent { get; init; }

    public required IReadOnlyList<ContentBlock> Prompt { get; init; }

    /// <summary><c>completed</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    public required RunStatus Status { get; init; }

    [OrNull]
    public string? StopReason { get; init; }

    [OrNull]
    public RunError? Error { get; init; }

    [OrNull]
    public long? StartedAt { get; init; }

    [OrNull]
    public long? FinishedAt { get; init; }
}
