using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>
/// The agents that live: one for each thread, or one for all threads where it is shared, and one that was started only to be asked something.
/// Bounds how many there are, and ends those that have nothing to do.
/// </summary>
internal sealed class AgentPool : IAsyncDisposable
{
    /// <summary>How long an agent that was only asked something stays: what is asked once is often asked again, for the next page say.</summary>
    private static readonly TimeSpan VisitorIdle = TimeSpan.FromSeconds(30);

    /// <summary>How often idle agents are looked for at most, and at least.</summary>
    private static readonly (TimeSpan Shortest, TimeSpan Longest) Rounds = (TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    private readonly Lock _lock = new();
    private readonly List<PooledAgent> _agents = [];
    private readonly SemaphoreSlim _room = new(1, 1);
    private readonly SessionServices _services;
    private readonly ITimer _rounds;
    private int _inRound;
    private bool _stopping;

    public AgentPool(SessionServices services)
    {
        _services = services;
        var idle = services.Options.AgentIdle;
        var period = idle == Timeout.InfiniteTimeSpan || idle / 4 > Rounds.Longest ? Rounds.Longest : idle / 4 < Rounds.Shortest ? Rounds.Shortest : idle / 4;
        _rounds = services.Time.CreateTimer(_ => _ = EndIdleAsync(), null, period, period);
    }

    /// <summary>Agents that live, start or end.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _agents.Count;
        }
    }

    /// <summary>
    /// An agent for a thread: one of its own, or the one that all share. Where there is no room for one more, the one that has been idle for longest is
    /// ended.
    /// </summary>
    /// <exception cref="TinyvexException"><c>overloaded</c>: all are at work. <c>agent_unavailable</c>: it cannot be started.</exception>
    public async Task<LiveAgent> TakeAsync(ThreadSession user, AgentDefinition definition, string directory, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        try
        {
            if (definition.Shared && Find(definition.Name, user) is { } shared) return shared.Agent;
            await MakeRoomAsync();
            cancellation.ThrowIfCancellationRequested();
            var where = definition.Shared ? _services.Options.DefaultWorkingDirectory : directory;
            return Start(definition, where, definition.Shared ? null : user, user).Agent;
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>
    /// A thread needs its agent no more. The agent is ended, unless others use it; then it is only asked to let go of the session.
    /// </summary>
    /// <param name="session">The session to let go of; null where there is none, or no time.</param>
    public async Task LeaveAsync(LiveAgent agent, ThreadSession user, AgentSession? session)
    {
        PooledAgent? last = null;
        lock (_lock)
        {
            if (_agents.Find(one => one.Agent == agent) is not { } pooled) return;
            pooled.Users.Remove(user);
            if (pooled.TryEnd(evenIfVisited: !agent.Definition.Shared)) last = pooled;
            else pooled.LeftAt = _services.Time.GetTimestamp();
        }

        if (last is not null) await EndAsync(last);
        else if (session is not null) await agent.TryLeaveAsync(session, forGood: false);
    }

    /// <summary>Whether other threads have a turn of this agent under way, which would end with it.</summary>
    public bool IsNeededByOthers(LiveAgent agent, ThreadSession user)
    {
        lock (_lock) return _agents.Exists(one => one.Agent == agent && one.Users.Any(other => other != user && other.IdleSince is null));
    }

    /// <summary>Asks an agent something that is about no thread: one that lives, or one that is started for it.</summary>
    /// <exception cref="TinyvexException">It cannot be started or asked, or refuses.</exception>
    public async Task<T> VisitAsync<T>(AgentDefinition definition, Func<LiveAgent, Task<T>> ask)
    {
        PooledAgent visited;
        await _room.WaitAsync();
        try
        {
            if (Find(definition.Name, null) is { } living)
            {
                visited = living;
            }
            else
            {
                await MakeRoomAsync();
                visited = Start(definition, _services.Options.DefaultWorkingDirectory, null, null);
            }
        }
        finally
        {
            _room.Release();
        }

        try
        {
            await visited.Agent.InitializeAsync(CancellationToken.None);
            return await ask(visited.Agent);
        }
        catch (AgentRpcException refused)
        {
            throw refused.ToClient(definition.Name);
        }
        catch (AgentGoneException)
        {
            throw await visited.Agent.DescribeEndAsync();
        }
        finally
        {
            await EndVisitAsync(visited);
        }
    }

    /// <summary>Agents of this name that have shaken hands.</summary>
    public List<LiveAgent> Living(string name)
    {
        lock (_lock) return [.. _agents.Where(one => one.Agent.Name == name && one.Agent is { IsGone: false, Facts: not null }).Select(one => one.Agent)];
    }

    /// <summary>Ends those that no thread has, and starts none from now on. To be called when all threads have left theirs.</summary>
    public async ValueTask DisposeAsync()
    {
        List<PooledAgent> left;
        lock (_lock)
        {
            _stopping = true;
            left = [.. _agents];
        }

        await _rounds.DisposeAsync();
        await Task.WhenAll(left.Select(EndAsync));
    }

    private PooledAgent? Find(string name, ThreadSession? user)
    {
        lock (_lock)
        {
            // One that is not shared can be asked, but not used.
            var found = _agents.Find(one => one.Agent.Name == name && !one.Agent.IsGone && !one.IsEnding && (user is null || one.Agent.Definition.Shared));
            if (found is null) return null;
            if (user is null) found.Visits++;
            else found.Users.Add(user);
            return found;
        }
    }

    private PooledAgent Start(AgentDefinition definition, string directory, IAgentHandler? owner, ThreadSession? user)
    {
        lock (_lock)
        {
            if (_stopping) throw new TinyvexException(ErrorCode.Overloaded, "the server is stopping");
        }

        var pooled = new PooledAgent(LiveAgent.Start(definition, directory, owner, _services));
        lock (_lock)
        {
            if (user is null) pooled.Visits++;
            else pooled.Users.Add(user);
            _agents.Add(pooled);
        }

        return pooled;
    }

    private async Task MakeRoomAsync()
    {
        while (true)
        {
            List<PooledAgent> idle;
            PooledAgent? ending;
            lock (_lock)
            {
                if (_agents.Count < _services.Options.MaxAgents) return;
                idle = [.. _agents.Where(one => one.IdleSince is not null).OrderBy(one => one.IdleSince)];
                ending = _agents.Find(one => one.IsEnding);
            }

            if (ending is not null)
            {
                await EndAsync(ending);
                continue;
            }

            var any = false;
            foreach (var one in idle)
            {
                any = await TryRetireAsync(one);
                if (any) break;
            }

            if (!any) throw new TinyvexException(ErrorCode.Overloaded, $"{_services.Options.MaxAgents} agents are at work already; wait for one to end its turn");
        }
    }

    private async Task<bool> TryRetireAsync(PooledAgent one)
    {
        List<ThreadSession> users;
        lock (_lock) users = [.. one.Users];
        var any = false;
        foreach (var user in users) any |= await user.TryRetireAgentAsync(one.Agent);
        lock (_lock)
        {
            if (users.Count > 0 || !one.TryEnd()) return any && !_agents.Contains(one);
        }

        await EndAsync(one);
        return true;
    }

    private async Task EndVisitAsync(PooledAgent visited)
    {
        lock (_lock)
        {
            visited.Visits--;
            visited.LeftAt = _services.Time.GetTimestamp();
            // One that failed is of no use to the next visit.
            if ((!visited.Agent.IsGone && visited.Agent.Facts is not null) || !visited.TryEnd()) return;
        }

        await EndAsync(visited);
    }

    private async Task EndAsync(PooledAgent one)
    {
        await one.Agent.DisposeAsync();
        lock (_lock) _agents.Remove(one);
    }

    private async Task EndIdleAsync()
    {
        if (Interlocked.Exchange(ref _inRound, 1) == 1) return;
        try
        {
            List<PooledAgent> idle;
            lock (_lock)
            {
                if (_stopping) return;
                idle = [.. _agents.Where(IsIdleForLong)];
            }

            foreach (var one in idle)
            {
                SessionLog.Idle(_services.Logger, one.Agent.Name);
                await TryRetireAsync(one);
            }
        }
        finally
        {
            Volatile.Write(ref _inRound, 0);
        }
    }

    private bool IsIdleForLong(PooledAgent one)
    {
        if (one.IdleSince is not { } since) return false;
        var idle = _services.Time.GetElapsedTime(since);
        var limit = _services.Options.AgentIdle;
        return (limit != Timeout.InfiniteTimeSpan && idle >= limit) || (one.Users.Count == 0 && idle >= VisitorIdle);
    }
}
