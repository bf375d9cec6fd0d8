using System.Diagnostics.CodeAnalysis;

namespace Tinyvex.Sessions;

/// <summary>
/// A run while its agent works on it. It can be cancelled once, from any thread; who works on it sees <see cref="Token"/> and asks
/// the agent to end.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer or wait handle has nothing to free, and a cancel may come after the end.")]
internal sealed class Turn(string runId)
{
    private readonly CancellationTokenSource _cancelled = new();

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _answered;

    public string RunId { get; } = runId;

    /// <summary>Whether the agent has answered the prompt: what it says from now on is no part of the turn.</summary>
    public bool IsAnswered => _answered;

    /// <summary>Whether a client carries it, whose messages are its own to end.</summary>
    public bool IsHosted { get; set; }

    /// <summary>Ends when the turn is over and its end stored.</summary>
    public Task Over => _over.Task;

    public void MarkAnswered() => _answered = true;

    public void MarkOver() => _over.TrySetResult();

    public CancellationToken Token => _cancelled.Token;

    public bool IsCancelled => _cancelled.IsCancellationRequested;

    /// <summary>Never runs what waits for it on the caller's thread, which may be the writer's.</summary>
    public void Cancel() => _ = _cancelled.CancelAsync();
}
