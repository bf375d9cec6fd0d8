using Tinyvex.Agents;
using Tinyvex.Rows;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>What clients ask of the session beside prompts.</summary>
internal sealed partial class ThreadSession
{
    /// <summary>Calls that wait for the session; a person makes one at a time.</summary>
    private const int MaxCalls = 100;

    /// <summary>Does something with the live session, at once where there is one, else in the thread's turn with one that is opened for it.</summary>
    public Task CallAsync(Func<AgentSession, ThreadSession, Task> call)
    {
        AgentSession? open;
        lock (_lock) open = _session is { IsUsable: true } usable && !_stopping.Task.IsCompleted ? usable : null;
        return open is not null ? ToClientAsync(open, () => call(open, this)) : QueueAsync(first: false, async () =>
        {
            var thread = await ReadThreadAsync(services, ThreadId) ?? throw TinyvexException.NotFound($"thread '{ThreadId}'");
            var name = services.Registry.Agents.Choose(null, thread.ResumeAgent ?? thread.Source);
            var session = await OpenForCallAsync(name, thread);
            await ToClientAsync(session, () => call(session, this));
        });
    }

    /// <summary>Loads the session that the thread was made for, and stores all that its agent says was said in it.</summary>
    public Task LoadHistoryAsync() => QueueAsync(first: true, async () =>
    {
        var thread = await ReadThreadAsync(services, ThreadId) ?? throw TinyvexException.NotFound($"thread '{ThreadId}'");
        _wantsHistory = true;
        try
        {
            await OpenForCallAsync(thread.ResumeAgent!, thread);
        }
        finally
        {
            _wantsHistory = false;
        }

        // What was said last has no end of a turn to be made final by.
        await services.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = ThreadId, Completed = done });
    });

    /// <summary>Cancels the turn under way, and has the agent let go of the session, which the next prompt takes up again.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            if (_agent is null && !_looping) return Task.CompletedTask;
        }

        _turn?.Cancel();
        return QueueAsync(first: true, async () =>
        {
            AgentSession? session;
            lock (_lock) (session, _session) = (_session, null);
            if (session is not null) await session.Agent.TryLeaveAsync(session, forGood: false);
            await DropAgentAsync();
        });
    }

    /// <summary>The row of a thread, or null.</summary>
    public static ValueTask<ThreadRow?> ReadThreadAsync(SessionServices services, string threadId) =>
        services.Readers.ReadAsync(store => store.Get(ThreadRow.Get).Bind(1, threadId).One(ThreadRow.Read), CancellationToken.None);

    /// <summary>Notes what a call has changed, before what the agent says behind its answer.</summary>
    public void Store(SetState state) => _ = services.Writer.EnqueueUnlessStoppingAsync(state);

    private async Task<AgentSession> OpenForCallAsync(string name, ThreadRow thread)
    {
        try
        {
            return await EnsureSessionAsync(name, thread, _stopped.Token);
        }
        catch (AgentRpcException refused)
        {
            throw refused.ToClient(name);
        }
        catch (OperationCanceledException)
        {
            throw new TinyvexException(ErrorCode.Overloaded, "the thread was closed, or the server stops");
        }
    }

    private static async Task ToClientAsync(AgentSession session, Func<Task> call)
    {
        // Not within the lock of whoever asks.
        await Task.Yield();
        try
        {
            await call();
        }
        catch (AgentRpcException refused)
        {
            throw refused.ToClient(session.Agent.Name);
        }
        catch (AgentGoneException)
        {
            throw await session.Agent.DescribeEndAsync();
        }
    }

    private Task QueueAsync(bool first, Func<Task> call)
    {
        var queued = new QueuedCall(call);
        lock (_lock)
        {
            if (_stopping.Task.IsCompleted) throw new TinyvexException(ErrorCode.Overloaded, "the thread was closed, or the server stops");
            if (_queue.Count(work => work.Call is not null) >= MaxCalls)
            {
                throw new TinyvexException(ErrorCode.Overloaded, $"{MaxCalls} calls wait for this thread's agent already");
            }

            var work = new SessionWork(null, "", queued);
            if (first) _queue.AddFirst(work);
            else _queue.AddLast(work);
            if (!_looping) Begin(LoopAsync);
        }

        return queued.Done;
    }
}
