namespace Tinyvex.Sessions;

/// <summary>A call that waits for its turn in a thread, and for whom who asked waits.</summary>
internal sealed class QueuedCall(Func<Task> call)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends as the call does.</summary>
    public Task Done => _done.Task;

    /// <summary>Makes the call. What becomes of it is for who asked, and not for the thread.</summary>
    public async Task RunAsync()
    {
        try
        {
            await call();
            _done.TrySetResult();
        }
        catch (Exception exception)
        {
            _done.TrySetException(exception);
        }
    }

    /// <summary>It will not be made any more.</summary>
    public void Abandon() => _done.TrySetException(new TinyvexException(ErrorCode.Overloaded, "the thread was closed, or the server stops"));
}
