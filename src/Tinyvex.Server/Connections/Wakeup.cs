using System.Threading.Tasks.Sources;

namespace Tinyvex.Connections;

/// <summary>
/// A signal with one waiter that allocates nothing: any number of wakes before or during the wait end one wait. The waiter goes
/// on on the thread pool, never on the thread that woke it.
/// </summary>
internal sealed class Wakeup : IValueTaskSource
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private bool _signalled;
    private bool _waiting;

    public void Set()
    {
        lock (_lock)
        {
            if (_signalled) return;
            _signalled = true;
            if (!_waiting) return;
            _waiting = false;
            // Within the lock, which the waiter takes before it can wait again: the core must not be reset while it is being set.
            _core.SetResult(true);
        }
    }

    /// <summary>Waits for the next signal. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (_lock)
        {
            if (_signalled)
            {
                _signalled = false;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _waiting = true;
            return new ValueTask(this, _core.Version);
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        lock (_lock) _signalled = false;
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
