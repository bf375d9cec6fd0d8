using Microsoft.Extensions.Logging;
using Tinyvex.Agents;
using Tinyvex.Attached;
using Tinyvex.Rows;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>The sessions of all threads: hands committed runs and answers to them, and shares out the room for agents.</summary>
internal sealed class SessionRegistry : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ThreadSession> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<ThreadSession> _ofDeletedThreads = [];
    private readonly SessionServices _services;
    private bool _stopping;

    public SessionRegistry(Writer writer, ReaderPool readers, TinyvexOptions options, string version, TimeProvider time, ILogger logger)
    {
        Attached = new AttachedAgents(name => Agents!.IsOurs(name), options, time)
        {
            // The host that asked is gone for good, and the request belongs to no run that ends it.
            Abandoned = question => _ = writer.EnqueueUnlessStoppingAsync(question.IsPermission
                ? new RespondPermission { RequestId = question.RequestId, OptionId = null, AnsweredBy = null }
                : new RespondElicitation { RequestId = question.RequestId, Action = RespondElicitation.Cancel, AnsweredBy = null }),
        };
        Agents = new AgentCatalog(options, logger, Attached);
        writer.FindAgent = Agents.Find;
        _services = new SessionServices(this, writer, readers, options, version, time, logger);
        Pool = new AgentPool(_services);
    }

    public AgentCatalog Agents { get; }

    /// <summary>The agents that live.</summary>
    public AgentPool Pool { get; }

    public int RunningAgents => Pool.Count;

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

    public int RunningRuns => Sum(session => session.IsInTurn ? 1 : 0);

    public int QueuedRuns => Sum(session => session.QueuedRuns);

    /// <summary>Requests for permission that agents wait for.</summary>
    public int PermissionsPending => Sum(session => session.PermissionsPending) + Attached.PermissionsPending;

    /// <summary>Questions to a person, beside those, that agents wait for.</summary>
    public int ElicitationsPending => Attached.ElicitationsPending + Sum(session => session.ElicitationsPending);

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
        // First, as a host that learns of its cancelled request must know why.
        if (command is CancelRun && outcome.RunId is { } cancelled && Attached.Find(cancelled) is { } hosted) Attached.Cancel(hosted);
        // A host knows of its request once that is acked.
        if (command is not RequestPermission) Attached.Answer(outcome.Permissions);
        Attached.Answer(outcome.Elicitations);
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
            case RespondPermission or RespondElicitation or CompleteElicitation or UpdateThread:
                Find(outcome.ThreadId!)?.Resolve(outcome);
                break;
            case DeleteThread:
                Attached.Drop(outcome.ThreadId!);
                Forget(outcome.ThreadId!);
                break;
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

    /// <summary>Does something with the live session of a thread; an agent that is not there is started, and its session taken up, first.</summary>
    /// <exception cref="TinyvexException">
    /// <c>not_found</c>; <c>conflict</c> where an editor drives the session; <c>unsupported</c> where a client runs the agent; or why the agent could not do it.
    /// </exception>
    public async Task CallAsync(string threadId, Func<AgentSession, ThreadSession, Task> call)
    {
        var thread = await RequireAsync(threadId);
        if (Held.IsHeld(threadId)) throw TinyvexException.Held();
        if ((thread.ResumeAgent ?? thread.Source) is { } agent && Attached.IsAttached(agent))
        {
            throw new TinyvexException(ErrorCode.Unsupported, $"a client runs agent '{agent}' of this thread, and has its modes and options to itself");
        }

        await Begin(threadId, session => session.CallAsync(call));
    }

    /// <summary>Has the agent say all that was said in a session of its own that a thread was made for, and stores it.</summary>
    public Task LoadHistoryAsync(string threadId) => Begin(threadId, session => session.LoadHistoryAsync());

    /// <summary>Cancels what a thread's agent does, and has it let go of the session. Where none lives nothing is left to be done.</summary>
    public async Task CloseAsync(string threadId)
    {
        await RequireAsync(threadId);
        if (Find(threadId) is { } session) await session.CloseAsync();
    }

    /// <summary>A page of the sessions that an agent knows.</summary>
    public Task<ReadOnlyMemory<byte>> ListSessionsAsync(string agent, string? directory, string? cursor) =>
        Pool.VisitAsync(Agents.Get(agent), async live =>
        {
            var unsupported = new TinyvexException(ErrorCode.Unsupported, $"agent '{agent}' does not list its sessions");
            if (live.Facts is not { Lists: true }) throw unsupported;
            try
            {
                return await live.ListSessionsAsync(directory, cursor);
            }
            catch (AgentRpcException lie) when (lie.IsMethodNotFound)
            {
                throw unsupported;
            }
        });

    /// <summary>Logs an agent in by one of its methods, in each process of it that lives.</summary>
    public async Task AuthenticateAsync(string agent, string methodId)
    {
        var others = Pool.Living(agent);
        await Pool.VisitAsync(Agents.Get(agent), async live =>
        {
            var methods = live.Facts!.LoginMethods;
            var known = methods.Where(method => method.Id == methodId).ToList();
            if (known.Count == 0)
            {
                var offered = methods.Count == 0 ? "it offers none" : "it offers " + string.Join(", ", methods.Select(method => method.Id));
                throw TinyvexException.BadRequest($"agent '{agent}' has no such way to log in; {offered}");
            }

            if (known[0].IsForTerminal)
            {
                throw new TinyvexException(ErrorCode.Unsupported, $"'{methodId}' of agent '{agent}' is a command for a terminal; run it there, then try again");
            }

            await Task.WhenAll(others.Append(live).Distinct().Select(one => one.AuthenticateAsync(methodId, CancellationToken.None)));
            return true;
        });
        Agents.LoggedIn(agent, methodId);
        Agents.NoteLogin(agent, isWanted: false);
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
        await Pool.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

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

    /// <summary>Begins something with the session of a thread, which is not forgotten before it has begun.</summary>
    private Task Begin(string threadId, Func<ThreadSession, Task> begin)
    {
        lock (_lock) return _stopping ? throw new TinyvexException(ErrorCode.Overloaded, "the server is stopping") : begin(Session(threadId));
    }

    private async Task<ThreadRow> RequireAsync(string threadId) =>
        await ThreadSession.ReadThreadAsync(_services, threadId) ?? throw TinyvexException.NotFound($"thread '{threadId}'");

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
                await session.StopAsync(forGood: true);
                lock (_lock) _ofDeletedThreads.Remove(session);
            });
        }
    }
}
