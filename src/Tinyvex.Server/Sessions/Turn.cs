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

    public string RunId { get; } = runId;

    public CancellationToken Token => _cancelled.Token;

    public bool IsCancelled => _cancelled.IsCancellationRequested;

    /// <summary>Never runs what waits for it on the caller's thread, which may be the writer's.</summary>
    public void Cancel() => _ = _cancelled.CancelAsync();
}
