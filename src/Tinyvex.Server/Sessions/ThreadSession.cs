using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Tinyvex.Agents;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>
/// The agent side of one thread: runs its prompts one after the other, each a turn of its agent, and turns what the agent says into
/// commands for the writer. This is the queue and its end. The turns are in ThreadSession.Turns.cs, the opening of sessions in
/// ThreadSession.Opening.cs, other calls of clients in ThreadSession.Calls.cs, silence in ThreadSession.Silence.cs, and what the agent says in
/// ThreadSession.Agent.cs.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer or wait handle has nothing to free, and the timers end with the session.")]
internal sealed partial class ThreadSession(string threadId, SessionServices services) : IAgentHandler
{
    private readonly Lock _lock = new();
    // Runs are bounded by the store: a prompt is refused there once too many of its thread are queued.
    private readonly LinkedList<SessionWork> _queue = new();
    private readonly PendingQuestions _questions = new();
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILogger _logger = services.Logger;
    private Task _loop = Task.CompletedTask;
    private Task? _stop;
    private bool _looping;
    private long? _idleSince;
    // The process, and once it is opened the session of this thread in it.
    private LiveAgent? _agent;
    private AgentSession? _session;
    private ITimer? _lateTimer;
    // Both are read by the agent's reading loop without the lock.
    private volatile AgentDesk? _desk;
    private volatile Turn? _turn;

    public string ThreadId { get; } = threadId;

    /// <summary>Since when the agent has nothing to do; null while it works, or where there is none.</summary>
    public long? IdleSince
    {
        get
        {
            lock (_lock) return _idleSince;
        }
    }

    /// <summary>Whether nothing is left to be done and no agent lives.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_lock) return !_looping && _agent is null;
        }
    }

    /// <summary>Requests for permission that the agent waits for.</summary>
    public int PermissionsPending => _questions.Permissions;

    /// <summary>What else the agent waits to be told by a person.</summary>
    public int ElicitationsPending => _questions.Elicitations;

    public bool IsInTurn => _turn is not null;

    public int QueuedRuns
    {
        get
        {
            lock (_lock) return _queue.Count(work => work.RunId is not null);
        }
    }

    /// <summary>Queues a run that is stored already.</summary>
    public void Enqueue(string runId, string agent)
    {
        lock (_lock)
        {
            if (_stopping.Task.IsCompleted) return;
            _queue.AddLast(new SessionWork(runId, agent, null));
            if (!_looping) Begin(LoopAsync);
        }
    }

    /// <summary>Cancels the turn of a run, if it is the one under way; with null whichever it is.</summary>
    public void Cancel(string? runId)
    {
        if (_turn is { } turn && (runId ?? turn.RunId) == turn.RunId) turn.Cancel();
    }

    /// <summary>Gives the agent the outcomes of what it waits for.</summary>
    public void Resolve(WriteOutcome ended)
    {
        if (ended.Permissions.Count + ended.Elicitations.Count > 0) Heard();
        foreach (var (requestId, outcome) in ended.Permissions) _questions.Answer(requestId, outcome);
        foreach (var (requestId, outcome) in ended.Elicitations) _questions.Answer(requestId, outcome);
        services.Registry.Attached.Answer(ended.Permissions);
        services.Registry.Attached.Answer(ended.Elicitations);
    }

    /// <summary>Ends everything: no further run starts, the turn under way is cancelled, the agent ended. Whoever asks again waits for it too.</summary>
    /// <param name="forGood">Whether the thread is gone, and the agent shall forget its session.</param>
    public Task StopAsync(bool forGood = false)
    {
        lock (_lock) return _stop ??= EndAllAsync(forGood);
    }

    /// <summary>Ends the agent, if it has nothing to do: for want of room, or as it is gone by itself, or has been idle for long.</summary>
    public async Task<bool> TryRetireAgentAsync(LiveAgent agent)
    {
        Task dropping;
        lock (_lock)
        {
            if (_looping || _agent != agent || _stopping.Task.IsCompleted) return false;
            dropping = Task.Run(DropAgentAsync);
            Begin(async () =>
            {
                await dropping;
                // A prompt that arrived meanwhile gets a new agent.
                await LoopAsync();
            });
        }

        await dropping;
        return true;
    }

    /// <summary>The same with whichever agent there is.</summary>
    public Task<bool> TryRetireAgentAsync()
    {
        LiveAgent? agent;
        lock (_lock) agent = _agent;
        return agent is null ? Task.FromResult(false) : TryRetireAgentAsync(agent);
    }

    /// <summary>Starts what works through the queue; there is one at a time. To be called with the lock held.</summary>
    private void Begin(Func<Task> work)
    {
        _looping = true;
        _idleSince = null;
        _loop = Task.Run(work);
    }

    /// <summary>The stop itself. To be called with the lock held.</summary>
    private async Task EndAllAsync(bool forGood)
    {
        _stopping.SetResult();
        var left = _queue.ToList();
        _queue.Clear();
        _turn?.Cancel();
        _ = _stopped.CancelAsync();
        _lateTimer?.Dispose();
        _silenceTimer?.Dispose();
        var loop = _loop;
        foreach (var work in left) work.Call?.Abandon();
        // A moment for the agent to end its turn by itself; then it is ended in the middle of it, and the turn with it.
        await Task.WhenAny(loop, Task.Delay(services.Options.StopGrace));
        if (forGood && _session is { } session) await session.Agent.TryLeaveAsync(session, forGood: true);
        await DropAgentAsync();
        await loop;
        await DropAgentAsync();
    }

    private async Task LoopAsync()
    {
        while (Next(out var turn) is { } work)
        {
            if (turn is null)
            {
                await work.Call!.RunAsync();
                continue;
            }

            await RunAsync(turn, work.Agent);
            EndWatch();
            _turn = null;
            turn.MarkOver();
            // What the agent said behind the end of the turn may have been taken for a part of it, where the store was slow.
            if (!turn.IsHosted) EndLateMessageSoon();
        }

        services.Registry.Finished(this);
    }

    /// <summary>What is to be done next, with its turn where it is a run; or null, and the loop is over.</summary>
    private SessionWork? Next(out Turn? turn)
    {
        lock (_lock)
        {
            turn = null;
            if (_queue.First is { } first)
            {
                _queue.RemoveFirst();
                if (first.Value.RunId is { } runId) _turn = turn = new Turn(runId);
                return first.Value;
            }

            _looping = false;
            _idleSince = _agent is null ? null : services.Time.GetTimestamp();
            return null;
        }
    }
}
