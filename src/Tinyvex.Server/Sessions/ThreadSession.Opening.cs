using Tinyvex.Agents;
using Tinyvex.Rows;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>Opens the session of a thread: the one it had, where the agent can take it up, else a new one.</summary>
internal sealed partial class ThreadSession
{
    /// <summary>How long the end of what ran for an agent is waited for behind the agent's own: it has begun with that, and only has to be stored.</summary>
    private static readonly TimeSpan DeskEndLimit = TimeSpan.FromSeconds(1);

    /// <summary>Some agents answer first and say again what was said behind that, without a pause: it is over once they have been quiet for so long.</summary>
    private static readonly TimeSpan ReplayQuiet = TimeSpan.FromMilliseconds(300);

    /// <summary>One that never becomes quiet is not waited for longer.</summary>
    private static readonly TimeSpan ReplayLimit = TimeSpan.FromSeconds(5);

    // While an agent says again what is stored already. Read by its reading loop.
    private volatile bool _isReplayed;
    // Whether what the agent says again is new to us.
    private volatile bool _wantsHistory;

    /// <summary>The session of this thread, opened where there is none, or one of another agent, directory or list of servers.</summary>
    private async Task<AgentSession> EnsureSessionAsync(string name, ThreadRow thread, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var definition = services.Registry.Agents.Get(name);
        var settings = SessionSettings.Of(definition, thread, services.Options);
        var isSame = _session is { IsUsable: true } live && live.Agent.Name == name && live.Id == thread.ResumeId && live.Settings.IsSameAs(settings);
        if (isSame) return _session!;
        await DropAgentAsync();
        var attempt = new OpeningAttempt(thread.ResumeAgent == name ? thread.ResumeId : null);
        try
        {
            return await OpenAsync(definition, settings, attempt, cancellation);
        }
        catch (TinyvexException failed) when (attempt.IsTakingUp && !_wantsHistory && !cancellation.IsCancellationRequested)
        {
            // It ended over its old session, or never answered. That must not be the end of the thread.
            SessionLog.NotTakenUp(_logger, ThreadId, name, "its old session", failed.Message);
            return await OpenAsync(definition, settings, new OpeningAttempt(null), cancellation);
        }
    }

    private async Task<AgentSession> OpenAsync(AgentDefinition definition, SessionSettings settings, OpeningAttempt attempt, CancellationToken cancellation)
    {
        var agent = await services.Registry.Pool.TakeAsync(this, definition, settings.Directory, cancellation);
        try
        {
            lock (_lock) (_agent, _lost) = (agent, null);
            _desk = new AgentDesk(ThreadId, definition, settings.Directories, services);
            _ = RetireWhenGoneAsync(agent);
            await agent.InitializeAsync(cancellation);
            var session = attempt.Known is null ? null : await TakeUpAsync(agent, settings, attempt, cancellation);
            attempt.IsTakingUp = false;
            session ??= await NewSessionAsync(agent, settings, cancellation);
            var set = await services.Writer.WriteAsync(done => SessionResult.ToCommand(ThreadId, session, done));
            if (set.Error is { } error) throw error;
            lock (_lock) _session = session;
            return session;
        }
        catch (AgentGoneException)
        {
            var why = await agent.DescribeEndAsync();
            await DropAgentAsync();
            throw why;
        }
        catch
        {
            // One without a session is of no use to the next prompt.
            await DropAgentAsync();
            throw;
        }
    }

    private async Task<AgentSession> NewSessionAsync(LiveAgent agent, SessionSettings settings, CancellationToken cancellation)
    {
        var session = await LoggedInAsync(agent, () => agent.NewSessionAsync(settings, this, cancellation), cancellation);
        session.OwesHistory = true;
        return session;
    }

    /// <summary>
    /// Takes the old session up: without a word where the agent can, else with all that was said in it, which is stored already. What an agent says
    /// that it can do it need not be able to, so the second way follows the first, and a new session both.
    /// </summary>
    private async Task<AgentSession?> TakeUpAsync(LiveAgent agent, SessionSettings settings, OpeningAttempt attempt, CancellationToken cancellation)
    {
        attempt.IsTakingUp = true;
        var facts = agent.Facts!;
        var id = attempt.Known!;
        AgentRpcException? refusal = null;
        if (facts.Resumes && !(_wantsHistory && facts.Loads) && await TryAsync("session/resume", () => agent.ResumeSessionAsync(id, settings, this, cancellation)) is { } resumed) return resumed;
        if (facts.Loads && await TryAsync("session/load", LoadAsync) is { } loaded) return loaded;
        if (facts.Resumes && _wantsHistory && facts.Loads && await TryAsync("session/resume", () => agent.ResumeSessionAsync(id, settings, this, cancellation)) is { } silent) return silent;
        if (!_wantsHistory) return null;
        throw refusal is not null ? refusal : new TinyvexException(ErrorCode.Unsupported, $"agent '{agent.Name}' opens no session of an earlier time");

        async Task<AgentSession> LoadAsync()
        {
            _isReplayed = !_wantsHistory;
            try
            {
                var session = await agent.LoadSessionAsync(id, settings, this, cancellation);
                await EndOfReplayAsync(cancellation);
                return session;
            }
            finally
            {
                _isReplayed = false;
            }
        }

        async Task<AgentSession?> TryAsync(string method, Func<Task<AgentSession>> open)
        {
            try
            {
                return await LoggedInAsync(agent, open, cancellation);
            }
            catch (AgentRpcException refused) when (!refused.WantsLogin)
            {
                SessionLog.NotTakenUp(_logger, ThreadId, agent.Name, method, refused.Message);
                refusal = refused;
                return null;
            }
        }
    }

    /// <summary>Waits until the agent has said nothing for a moment.</summary>
    private async Task EndOfReplayAsync(CancellationToken cancellation)
    {
        var begun = services.Time.GetTimestamp();
        long heard;
        do
        {
            heard = Volatile.Read(ref _heardAt);
            await Task.Delay(ReplayQuiet, services.Time, cancellation);
        }
        while (heard != Volatile.Read(ref _heardAt) && services.Time.GetElapsedTime(begun) < ReplayLimit);
    }

    /// <summary>Opens a session; an agent that wants a login first gets the one that it was given before, in another process.</summary>
    private async Task<AgentSession> LoggedInAsync(LiveAgent agent, Func<Task<AgentSession>> open, CancellationToken cancellation)
    {
        try
        {
            return await open();
        }
        catch (AgentRpcException refused) when (refused.WantsLogin && services.Registry.Agents.Login(agent.Name) is not null)
        {
            await agent.AuthenticateAsync(services.Registry.Agents.Login(agent.Name)!, cancellation);
            return await open();
        }
    }

    /// <summary>Clears away an agent that has ended by itself, between two turns. In a turn, the turn does.</summary>
    private async Task RetireWhenGoneAsync(LiveAgent agent)
    {
        await agent.Gone;
        await CancelOrphansAsync();
        while (true)
        {
            Task loop;
            lock (_lock)
            {
                if (_agent != agent || _stopping.Task.IsCompleted) return;
                loop = _loop;
            }

            if (!await TryRetireAgentAsync(agent)) await loop;
        }
    }

    private async Task DropAgentAsync()
    {
        LiveAgent? agent;
        AgentSession? session;
        AgentDesk? desk;
        lock (_lock) (agent, session, desk, _agent, _session, _desk) = (_agent, _session, _desk, null, null, null);
        // What runs for the thread ends beside its agent, and holds nobody up for longer.
        var stopping = desk?.StopAsync() ?? Task.CompletedTask;
        if (agent is not null) await services.Registry.Pool.LeaveAsync(agent, this, _stopping.Task.IsCompleted ? null : session);
        await Task.WhenAny(stopping, Task.Delay(DeskEndLimit, services.Time));
    }
}
