using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tinyvex.Agents;
using Tinyvex.Protocol;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>The sessions of all threads: hands committed runs to them, and answers to the agents that wait for them.</summary>
internal sealed class SessionRegistry : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ThreadSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Action<ReadOnlyMemory<byte>>> _permissions = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _room = new(1, 1);
    private readonly SessionServices _services;
    private bool _stopping;

    public SessionRegistry(Writer writer, TinyvexOptions options, string version, TimeProvider time, ILogger logger)
    {
        Agents = new AgentCatalog(options);
        _services = new SessionServices(this, writer, options, version, time, logger);
    }

    public AgentCatalog Agents { get; }

    /// <summary>Threads whose agent lives, or is at work.</summary>
    public int RunningAgents
    {
        get
        {
            lock (_lock) return _sessions.Count;
        }
    }

    /// <summary>Acts on a client's write, once it is committed. Called on the writer's thread; never waits.</summary>
    public void Committed(string control, WriteOutcome outcome)
    {
        // A repeated key changed nothing, and was acted on the first time.
        if (outcome.Error is not null || outcome.FirstReply is not null) return;
        Resolve(outcome);
        switch (control)
        {
            case Controls.RunSubmit:
                lock (_lock)
                {
                    if (!_stopping) Session(outcome.ThreadId!).Enqueue(outcome.RunId!, outcome.Agent!);
                }

                break;
            case Controls.RunCancel when outcome.RunId is not null:
                Find(outcome.ThreadId!)?.Cancel(outcome.RunId);
                break;
            case Controls.DeleteThread when Find(outcome.ThreadId!) is { } deleted:
                deleted.Cancel(outcome.RunId);
                Forget(deleted);
                break;
        }
    }

    /// <summary>Calls back once a permission request has its outcome.</summary>
    public void AwaitPermission(string requestId, Action<ReadOnlyMemory<byte>> answered) => _permissions[requestId] = answered;

    /// <summary>Passes on the outcomes of the permission requests that a write has ended.</summary>
    public void Resolve(WriteOutcome outcome)
    {
        foreach (var (requestId, given) in outcome.Permissions)
        {
            if (_permissions.TryRemove(requestId, out var answered)) answered(given);
        }
    }

    /// <summary>Makes room for one more agent, by ending the one that has been idle for longest.</summary>
    /// <exception cref="TinyvexException"><c>overloaded</c>: all are at work.</exception>
    public async Task MakeRoomAsync(ThreadSession asking)
    {
        await _room.WaitAsync();
        try
        {
            while (true)
            {
                List<ThreadSession> others;
                lock (_lock)
                {
                    others = [.. _sessions.Values.Where(session => session != asking)];
                    if (others.Count < _services.Options.MaxAgents) return;
                }

                var idle = others.Where(session => session.IdleSince is not null).MinBy(session => session.IdleSince);
                if (idle is null || !await idle.TryRetireAgentAsync())
                {
                    throw new TinyvexException(ErrorCode.Overloaded, $"{_services.Options.MaxAgents} agents are at work already; wait for one to end its turn");
                }

                Finished(idle);
            }
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>A session says that it has nothing left to do; one without an agent is forgotten.</summary>
    public void Finished(ThreadSession session)
    {
        lock (_lock)
        {
            if (session.IsFinished && _sessions.GetValueOrDefault(session.ThreadId) == session) _sessions.Remove(session.ThreadId);
        }
    }

    /// <summary>Ends all turns and agents.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        List<ThreadSession> sessions;
        lock (_lock)
        {
            _stopping = true;
            sessions = [.. _sessions.Values];
        }

        await Task.WhenAll(sessions.Select(session => session.StopAsync(patience)));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_services.Options.StopGrace);
        _room.Dispose();
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
    private void Forget(ThreadSession session)
    {
        lock (_lock) _sessions.Remove(session.ThreadId);
        _ = Task.Run(async () => await session.DisposeAsync());
    }
}
