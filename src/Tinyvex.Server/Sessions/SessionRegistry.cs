using Microsoft.Extensions.Logging;
using Tinyvex.Agents;
using Tinyvex.Attached;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>The sessions of all threads: hands committed runs and answers to them, and shares out the room for agents.</summary>
internal sealed class SessionRegistry : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ThreadSession> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<ThreadSession> _ofDeletedThreads = [];
    private readonly HashSet<ThreadSession> _withAgent = [];
    private readonly SemaphoreSlim _room = new(1, 1);
    private readonly SessionServices _services;
    private bool _stopping;

    public SessionRegistry(Writer writer, TinyvexOptions options, string version, TimeProvider time, ILogger logger)
    {
        Attached = new AttachedAgents(name => Agents!.IsOurs(name), options, time) { Abandoned = requestId => _ = CancelAbandonedAsync(writer, requestId) };
        Agents = new AgentCatalog(options, logger, Attached);
        _services = new SessionServices(this, writer, options, version, time, logger);
    }

    public AgentCatalog Agents { get; }

    /// <summary>The agents that connections run.</summary>
    public AttachedAgents Attached { get; }

    /// <summary>The threads that editors drive.</summary>
    public HeldThreads Held { get; } = new();

    /// <summary>An editor drives the thread from now on. An agent of ours that has had its session knows nothing of what comes, and is ended.</summary>
    public void Hold(string threadId, IHost holder, string agent)
    {
        Held.Hold(threadId, holder, agent);
        // Its end may have come between the request and this.
        if (holder.IsGone) Held.Leave(holder);
        if (Find(threadId) is { } session) _ = session.TryRetireAgentAsync();
    }

    /// <summary>Agents that live, start or end.</summary>
    public int RunningAgents
    {
        get
        {
            lock (_lock) return _withAgent.Count;
        }
    }

    public int RunningRuns => Sum(session => session.IsInTurn ? 1 : 0);

    public int QueuedRuns => Sum(session => session.QueuedRuns);

    /// <summary>Requests for permission that agents wait for.</summary>
    public int PermissionsPending => Sum(session => session.PermissionsPending) + Attached.PermissionsPending;

    /// <summary>Questions to a person, beside those, that agents wait for.</summary>
    public int ElicitationsPending => Sum(session => session.ElicitationsPending);

    /// <summary>
    /// Acts on a client's write, once it is committed. A cancel reaches the agent also where the store could not take it, as stopping an agent
    /// must not need room on a disk. Called within the writer's turn; never waits.
    /// </summary>
    public void Committed(WriteCommand command, WriteOutcome outcome)
    {
        if (command is CancelRun unstored && outcome.Error?.Code == ErrorCode.StoreError)
        {
            Cancel(unstored);
            return;
        }

        // A repeated key changed nothing, and was acted on the first time.
        if (outcome.Error is not null || outcome.FirstReply is not null) return;
        // A host knows of its request once that is acked.
        if (command is not RequestPermission) Attached.Answer(outcome.Permissions);
        switch (command)
        {
            case EndHostedRun:
                Attached.End(outcome.RunId!);
                break;
            case SubmitRun or BeginHostedRun { IsKnown: false }:
                lock (_lock)
                {
                    if (!_stopping) Session(outcome.ThreadId!).Enqueue(outcome.RunId!, outcome.Agent!);
                }

                Find(outcome.ThreadId!)?.Resolve(outcome);
                break;
            case CancelRun when outcome.RunId is not null:
                Find(outcome.ThreadId!)?.Cancel(outcome.RunId);
                break;
            case RespondPermission or RespondElicitation or UpdateThread:
                Find(outcome.ThreadId!)?.Resolve(outcome);
                break;
            case DeleteThread:
                Attached.Drop(outcome.ThreadId!);
                Forget(outcome.ThreadId!);
                break;
        }
    }

    /// <summary>The host that asked is gone for good, and the request belongs to no run that ends it.</summary>
    private static async Task CancelAbandonedAsync(Writer writer, string requestId)
    {
        try
        {
            await writer.EnqueueAsync(new RespondPermission { RequestId = requestId, OptionId = null, AnsweredBy = null });
        }
        catch (TinyvexException stopping) when (stopping.Code == ErrorCode.Overloaded)
        {
            // The server's end cancels it.
        }
    }

    private void Cancel(CancelRun command)
    {
        lock (_lock)
        {
            foreach (var session in _sessions.Values)
            {
                if (command.ThreadId is null || command.ThreadId == session.ThreadId) session.Cancel(command.RunId);
            }
        }
    }

    /// <summary>Makes room for an agent, by ending the one that has been idle for longest where there is none.</summary>
    /// <exception cref="TinyvexException"><c>overloaded</c>: all are at work.</exception>
    public async Task MakeRoomAsync(ThreadSession asking, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        try
        {
            while (!TryTakeRoom(asking, out var idle))
            {
                var any = false;
                foreach (var session in idle) any = any || await session.TryRetireAgentAsync();
                if (!any) throw new TinyvexException(ErrorCode.Overloaded, $"{_services.Options.MaxAgents} agents are at work already; wait for one to end its turn");
            }
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>The agent that room was made for is gone.</summary>
    public void GiveRoomBack(ThreadSession session)
    {
        lock (_lock) _withAgent.Remove(session);
    }

    /// <summary>A session says that it has nothing left to do; one without an agent is forgotten.</summary>
    public void Finished(ThreadSession session)
    {
        lock (_lock)
        {
            if (session.IsFinished && _sessions.GetValueOrDefault(session.ThreadId) == session) _sessions.Remove(session.ThreadId);
        }
    }

    /// <summary>Ends all turns and agents; nothing starts from now on.</summary>
    public async Task StopAsync()
    {
        List<ThreadSession> sessions;
        lock (_lock)
        {
            _stopping = true;
            sessions = [.. _sessions.Values, .. _ofDeletedThreads];
        }

        await Task.WhenAll(sessions.Select(session => session.StopAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _room.Dispose();
    }

    private bool TryTakeRoom(ThreadSession asking, out List<ThreadSession> idle)
    {
        lock (_lock)
        {
            idle = [.. _withAgent.Where(session => session.IdleSince is not null).OrderBy(session => session.IdleSince)];
            if (_withAgent.Count >= _services.Options.MaxAgents) return false;
            _withAgent.Add(asking);
            return true;
        }
    }

    private int Sum(Func<ThreadSession, int> of)
    {
        lock (_lock) return _sessions.Values.Sum(of);
    }

    private ThreadSession Session(string threadId)
    {
        if (_sessions.TryGetValue(threadId, out var session)) return session;
        session = new ThreadSession(threadId, _services);
        _sessions.Add(threadId, session);
        return session;
    }

    private ThreadSession? Find(string threadId)
    {
        lock (_lock) return _sessions.GetValueOrDefault(threadId);
    }

    /// <summary>Ends the session of a thread that was deleted, whose agent has nobody to talk to.</summary>
    private void Forget(string threadId)
    {
        lock (_lock)
        {
            if (!_sessions.Remove(threadId, out var session)) return;
            _ofDeletedThreads.Add(session);
            _ = Task.Run(async () =>
            {
                await session.StopAsync();
                lock (_lock) _ofDeletedThreads.Remove(session);
            });
        }
    }
}
