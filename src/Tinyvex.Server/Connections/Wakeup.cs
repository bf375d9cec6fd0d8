using System.Threading.Tasks.Sources;

namespace Tinyvex.Connections;

/// <summary>
/// A signal with one waiter that allocates nothing: any number of wakes before or during the wait end one wait. The waiter goes
/// on on the thread pool, or, where the one who wakes it has nothing better to do, at once on that one's thread.
/// </summary>
internal sealed class Wakeup : IValueTaskSource<bool>
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _signalled;
    private bool _waiting;

    /// <param name="here">Whether the waiter may go on on this thread, before this call returns.</param>
    public void Set(bool here = false)
    {
        lock (_lock)
        {
            if (_signalled) return;
            _signalled = true;
            if (!_waiting) return;
            _waiting = false;
            _core.RunContinuationsAsynchronously = !here;
        }

        // Outside the lock, as the waiter may run in here. It cannot wait again, and so reset the core, before it was let go on, which
        // is the last that this does.
        _core.SetResult(here);
    }

    /// <summary>Waits for the next signal, and tells whether the thread it goes on on is borrowed. One waiter at a time.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_lock)
        {
            if (_signalled)
            {
                _signalled = false;
                return new ValueTask<bool>(false);
            }

            _core.Reset();
            _waiting = true;
            return new ValueTask<bool>(this, _core.Version);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        var here = _core.GetResult(token);
        lock (_lock) _signalled = false;
        return here;
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
