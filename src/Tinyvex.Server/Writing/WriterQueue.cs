namespace Tinyvex.Writing;

/// <summary>
/// Commands on their way to the writer. Bounded in bytes: beyond the bound producers wait, and with them whoever feeds them. The
/// reader takes all that has queued, which is what makes a flood commit in groups and a lone update commit at once. There is one
/// reader at a time.
/// </summary>
internal sealed class WriterQueue(int maxBytes)
{
    /// <summary>Commands of one transaction: more gains nothing, and holds back those who wait for the first of them.</summary>
    public const int MaxBatch = 2_048;

    // A monitor and not a Lock, since the reader waits on it.
    private readonly object _lock = new();
    private readonly Queue<(WriteCommand Command, int Weight)> _commands = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private long _bytes;
    private bool _closed;
    private bool _taken;

    /// <summary>Queues a command, once there is room for it. One larger than the whole bound enters an empty queue.</summary>
    /// <exception cref="TinyvexException"><c>overloaded</c>: the server is stopping.</exception>
    public ValueTask EnqueueAsync(WriteCommand command)
    {
        lock (_lock)
        {
            if (_closed) throw new TinyvexException(ErrorCode.Overloaded, "the server is stopping");
            if (_waiting.Count == 0 && HasRoom)
            {
                Add(command);
                return ValueTask.CompletedTask;
            }
        }

        return new ValueTask(WaitAndEnqueueAsync(command));
    }

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _commands.Count == 0;
        }
    }

    /// <summary>Commands that are queued, and what they weigh.</summary>
    public (int Commands, long Bytes) Waiting
    {
        get
        {
            lock (_lock) return (_commands.Count, _bytes);
        }
    }

    private bool HasRoom => _bytes < maxBytes;

    /// <summary>
    /// Whether nothing is queued and nothing is being written: the caller then is the reader until it calls <see cref="GiveBack"/>.
    /// </summary>
    public bool TryTakeOver()
    {
        lock (_lock)
        {
            if (_closed || _taken || _commands.Count > 0) return false;
            _taken = true;
            return true;
        }
    }

    /// <summary>What was taken is written.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _taken = false;
            if (_commands.Count > 0 || _closed) Monitor.Pulse(_lock);
        }
    }

    private async Task WaitAndEnqueueAsync(WriteCommand command)
    {
        while (true)
        {
            TaskCompletionSource turn;
            lock (_lock)
            {
                if (_closed) throw new TinyvexException(ErrorCode.Overloaded, "the server is stopping");
                if (HasRoom)
                {
                    Add(command);
                    return;
                }

                turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Enqueue(turn);
            }

            await turn.Task;
        }
    }

    private void Add(WriteCommand command)
    {
        var weight = command.Weight;
        _commands.Enqueue((command, weight));
        _bytes += weight;
        if (_commands.Count == 1 && !_taken) Monitor.Pulse(_lock);
    }

    /// <summary>
    /// Waits for commands and moves them into <paramref name="batch"/>; false when the queue is closed and empty. Until it calls
    /// <see cref="GiveBack"/>, nobody else is given any.
    /// </summary>
    public bool Take(List<WriteCommand> batch)
    {
        lock (_lock)
        {
            while (_taken || (_commands.Count == 0 && !_closed)) Monitor.Wait(_lock);
            _taken = true;
            while (batch.Count < MaxBatch && _commands.TryDequeue(out var next))
            {
                _bytes -= next.Weight;
                batch.Add(next.Command);
            }

            while (HasRoom && _waiting.TryDequeue(out var turn)) turn.SetResult();
            return batch.Count > 0;
        }
    }

    /// <summary>Takes no more commands, but for a last one; what is queued is still written.</summary>
    public void Close(WriteCommand? last = null)
    {
        lock (_lock)
        {
            if (last is not null && !_closed) Add(last);
            _closed = true;
            Monitor.Pulse(_lock);
            while (_waiting.TryDequeue(out var turn)) turn.SetResult();
        }
    }
}
