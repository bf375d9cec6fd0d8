namespace Tinyvex.Sessions;

/// <summary>
/// A run while its agent works on it. It can be cancelled once, from any thread; who works on it sees
/// <see cref="Cancelled"/> and asks the agent to end.
/// </summary>
internal sealed class Turn(string runId)
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string RunId { get; } = runId;

    /// <summary>Ends when the turn is cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    public bool IsCancelled => _cancelled.Task.IsCompleted;

    public void Cancel() => _cancelled.TrySetResult();
}
