using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>
/// What becomes of writes while the store takes none. Those of clients are refused, and the clients know. What a session says cannot be said
/// again, so it is kept, in its order, and whoever brings more of it waits: the agent's pipe fills, and the agent waits too.
/// </summary>
internal sealed partial class Writer
{
    /// <summary>How long is waited for a lock that has outlasted the first patience: the next try comes soon, and the queue moves meanwhile.</summary>
    private static readonly TimeSpan LockWaitInTrouble = TimeSpan.FromMilliseconds(50);

    // At most what the queue held when the trouble began: more of it waits at the door.
    private readonly List<WriteCommand> _kept = [];
    private volatile bool _isKeeping = true;
    private int _probing;

    /// <summary>Why writes are refused at the moment, and what helps; or null. Names no path.</summary>
    public string? Trouble => (_health.Damage ?? _health.Trouble ?? _files.Problem())?.Cause;

    /// <summary>Keeps nothing from now on, and holds nobody up: what a store that fails does not take is refused. For the server's end.</summary>
    public void StopKeeping()
    {
        _isKeeping = false;
        _health.Dispose();
        if (_health.Trouble is not null) Probe();
    }

    /// <summary>Has the writer write something, and what is kept with it. One at a time.</summary>
    private void Probe()
    {
        if (Interlocked.Exchange(ref _probing, 1) == 0) _ = ProbeAsync();
    }

    private async Task ProbeAsync()
    {
        try
        {
            await _queue.EnqueueAsync(new ProbeStore { Completed = _ => Volatile.Write(ref _probing, 0) });
        }
        catch (TinyvexException stopping) when (stopping.Code == ErrorCode.Overloaded)
        {
            // The writer's end tries once more what is kept.
        }
    }

    private async Task EnqueueWhenWellAsync(WriteCommand command)
    {
        await _health.UntilWellAsync();
        await _queue.EnqueueAsync(command);
    }

    /// <summary>Writes what was kept, in its order, and then the batch. In parts no larger than a batch, since the first may fail.</summary>
    private void WriteWithKept(List<WriteCommand> batch)
    {
        if (_kept.Count == 0)
        {
            Write(batch);
            return;
        }

        List<WriteCommand> all = [.. _kept, .. batch];
        _kept.Clear();
        for (var at = 0; at < all.Count; at += WriterQueue.MaxBatch)
        {
            if (Write(all.GetRange(at, Math.Min(WriterQueue.MaxBatch, all.Count - at)))) continue;
            Suspend(all.Skip(at + WriterQueue.MaxBatch), _health.Trouble!);
            return;
        }
    }

    /// <summary>What becomes of a batch that failed. False where it is the store that fails, and not one write.</summary>
    private bool Settle(List<WriteCommand> batch, Exception failure)
    {
        if (failure is StoreFailure { IsPassing: true } passing)
        {
            Suspend(batch, passing);
            return false;
        }

        if (batch.Count == 1)
        {
            Refuse(batch[0], failure);
            return true;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            if (Write([batch[i]])) continue;
            Suspend(batch.Skip(i + 1), _health.Trouble!);
            return false;
        }

        return true;
    }

    private void Refuse(WriteCommand command, Exception exception)
    {
        if (exception is StoreFailure store) _health.Failed(store);
        if (exception is not TinyvexException) LogWriteFailed(command.GetType().Name, exception);
        Complete(command, new WriteOutcome
        {
            Error = exception switch
            {
                TinyvexException refused => refused,
                StoreFailure failure => failure.ToClient(),
                _ => new TinyvexException(ErrorCode.Internal, "the server failed on this write; its log says more", inner: exception),
            },
        });
    }

    /// <summary>Keeps what must be stored, and refuses the rest.</summary>
    private void Suspend(IEnumerable<WriteCommand> commands, StoreFailure failure)
    {
        _health.Failed(failure);
        var refused = new WriteOutcome { Error = failure.ToClient() };
        foreach (var command in commands)
        {
            if (command.IsKept && _isKeeping) _kept.Add(command);
            else Complete(command, refused);
        }
    }

    /// <summary>Makes a page of the file dirty, and so the commit write it, and leaves nothing.</summary>
    private WriteOutcome WriteNothing()
    {
        _store.Get("INSERT INTO epochs(epoch, beganAt, openedAt) VALUES (-1, 0, 0)").Run();
        _store.Get("DELETE FROM epochs WHERE epoch = -1").Run();
        return new WriteOutcome();
    }
}
