namespace Tinyvex.Attached;

/// <summary>A run that a host works on, from before it starts until its end is stored.</summary>
internal sealed class HostedRun(string runId, string threadId, Seat seat)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string RunId { get; } = runId;

    public string ThreadId { get; } = threadId;

    /// <summary>Whose it is; another host may take it up.</summary>
    public Seat Seat { get; set; } = seat;

    /// <summary>As ACP content blocks; an empty list where the host began the turn without one.</summary>
    public ReadOnlyMemory<byte> Prompt { get; set; }

    public string? WorkingDirectory { get; set; }

    /// <summary>Whether it is under way, so that a host is to know of it.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Whether a host was told of it.</summary>
    public bool IsTold { get; set; }

    public bool IsCancelling { get; set; }

    /// <summary>Ends when the end is stored; fails where there is no host any more to end it.</summary>
    public Task Ended => _ended.Task;

    public void End() => _ended.TrySetResult();

    public void Fail(TinyvexException reason)
    {
        // Nobody waits for one whose session has ended meanwhile.
        if (_ended.TrySetException(reason)) _ = _ended.Task.Exception;
    }
}
