using System.Globalization;

namespace Tinyvex.Attached;

/// <summary>
/// The agents that connections run themselves, and what they work on: who is to be told of a prompt, a cancel or an answer. Nothing of it is
/// stored; a server that starts anew has no host, and no run that one could end.
/// </summary>
/// <param name="isConfigured">Whether an agent of that name is run by the server.</param>
internal sealed class AttachedAgents(Func<string, bool> isConfigured, TinyvexOptions options, TimeProvider time)
{
    /// <summary>The agent of a turn that belongs to no name.</summary>
    private const string Unnamed = "host";

    private static ReadOnlyMemory<byte> CancelledPermission { get; } = "{\"outcome\":\"cancelled\"}"u8.ToArray();

    private static ReadOnlyMemory<byte> CancelledElicitation { get; } = "{\"action\":\"cancel\"}"u8.ToArray();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Seat> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<IHost, Seat> _own = [];
    private readonly Dictionary<string, HostedRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Seat> _asked = new(StringComparer.Ordinal);

    /// <summary>Takes a question that nobody waits for any more and no run will end.</summary>
    public Action<AskedQuestion>? Abandoned { get; set; }

    /// <summary>Requests for permission that hosts wait for.</summary>
    public int PermissionsPending => Pending(isPermission: true);

    /// <summary>Elicitations that hosts wait for.</summary>
    public int ElicitationsPending => Pending(isPermission: false);

    private int Pending(bool isPermission)
    {
        lock (_lock) return _asked.Count(one => one.Value.Asked[one.Key].IsPermission == isPermission);
    }

    /// <summary>Those that a connection runs at present, by name.</summary>
    public IReadOnlyList<AttachedAgent> List()
    {
        lock (_lock)
        {
            return
            [
                .. _named.Values.Where(seat => seat.Host is not null).Select(seat => new AttachedAgent(seat.Name!, seat.Title))
                    .OrderBy(agent => agent.Name, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>Whether a connection runs it at present.</summary>
    public bool IsAttached(string name)
    {
        lock (_lock) return _named.TryGetValue(name, out var seat) && seat.Host is not null;
    }

    /// <summary>Whether a host carries the run, or may take it up: it is attached, or was within the grace.</summary>
    public bool Carries(string runId, string agent)
    {
        lock (_lock) return _runs.ContainsKey(runId) || _named.ContainsKey(agent);
    }

    /// <summary>From now on the host runs the agent. One that takes up a name within the grace is told what is under way.</summary>
    /// <param name="attached">Called in between, so that the answer to the request comes before what follows from it.</param>
    /// <exception cref="TinyvexException"><c>conflict</c>: the name is taken; <c>overloaded</c>: there are too many.</exception>
    public void Attach(string name, string? title, IHost host, Action attached)
    {
        if (isConfigured(name))
        {
            throw new TinyvexException(ErrorCode.Conflict, $"agent '{name}' is configured, and the server runs it; attach yours under another name");
        }

        lock (_lock)
        {
            if (!_named.TryGetValue(name, out var seat))
            {
                if (_named.Count >= options.MaxAttachedAgents)
                {
                    throw new TinyvexException(ErrorCode.Overloaded, $"{options.MaxAttachedAgents} agents are attached already; end a connection that attached some");
                }

                seat = new Seat(name);
                if (!host.IsGone) _named.Add(name, seat);
            }

            if (seat.Host is { IsGone: false } other && other != host)
            {
                throw new TinyvexException(ErrorCode.Conflict, $"another connection runs agent '{name}'; end that one first, or attach under another name");
            }

            seat.Title = title ?? name;
            attached();
            if (!host.IsGone && seat.Host != host) TakeSeat(seat, host);
        }
    }

    private static void TakeSeat(Seat seat, IHost host)
    {
        seat.Grace?.Dispose();
        seat.Grace = null;
        seat.Host = host;
        foreach (var run in seat.Runs.Where(run => run.IsStarted)) Tell(run);
        foreach (var answer in seat.Untold) host.TellAnswer(answer);
        seat.Untold.Clear();
        seat.Change();
    }

    private static void Tell(HostedRun run)
    {
        if (run.Seat.Host is not { } host) return;
        host.RequestRun(run, run.IsTold);
        run.IsTold = true;
        if (run.IsCancelling) host.RequestCancel(run);
    }

    /// <summary>The host is gone, and says so by <see cref="IHost.IsGone"/>; its runs wait for it for the grace.</summary>
    public void Leave(IHost host)
    {
        lock (_lock)
        {
            foreach (var seat in _named.Values.Where(seat => seat.Host == host).ToList()) Vacate(seat);
            if (_own.Remove(host, out var own)) Vacate(own);
        }
    }

    private void Vacate(Seat seat)
    {
        seat.Host = null;
        seat.Grace?.Dispose();
        seat.Grace = time.CreateTimer(_ => GiveUp(seat), null, options.AttachGrace, Timeout.InfiniteTimeSpan);
        seat.Change();
    }

    /// <summary>The grace is over: nobody will end what the host had begun.</summary>
    private void GiveUp(Seat seat)
    {
        List<HostedRun> runs;
        List<AskedQuestion> abandoned;
        lock (_lock)
        {
            if (seat.Host is not null) return;
            if (seat.Name is not null) _named.Remove(seat.Name);
            seat.Grace?.Dispose();
            runs = [.. seat.Runs];
            abandoned = [.. seat.Asked.Values.Where(asked => asked.RunId is null)];
            foreach (var requestId in seat.Asked.Keys) _asked.Remove(requestId);
            seat.Asked.Clear();
            seat.Change();
        }

        foreach (var run in runs) run.Fail(Gone(seat));
        foreach (var question in abandoned) Abandoned?.Invoke(question);
    }

    private TinyvexException Gone(Seat seat)
    {
        var who = seat.Name is null ? "the connection that ran this turn" : $"the connection that runs agent '{seat.Name}'";
        return new TinyvexException(
            ErrorCode.AgentError,
            string.Create(CultureInfo.InvariantCulture, $"{who} was lost, and did not come back within {options.AttachGrace.TotalSeconds:0.###} s"));
    }

    /// <summary>Waits until a host runs the agent and has room for one more prompt; false where none will.</summary>
    public async Task<bool> ReadyAsync(string name, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            IHost? host;
            lock (_lock)
            {
                if (!_named.TryGetValue(name, out var seat)) return false;
                (host, changed) = (seat.Host, seat.Changed.Task);
            }

            if (host is not null)
            {
                await host.RoomAsync().WaitAsync(cancellation);
                return true;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>A run that is about to start; null where there is no such agent any more.</summary>
    public HostedRun? Add(string agent, string runId, string threadId)
    {
        lock (_lock)
        {
            if (!_named.TryGetValue(agent, out var seat)) return null;
            var run = new HostedRun(runId, threadId, seat);
            seat.Runs.Add(run);
            _runs.Add(runId, run);
            return run;
        }
    }

    /// <summary>The run has started: its host is told, now or when it is back.</summary>
    public void Start(HostedRun run, ReadOnlyMemory<byte> prompt, string? workingDirectory)
    {
        lock (_lock)
        {
            (run.Prompt, run.WorkingDirectory, run.IsStarted) = (prompt, workingDirectory, true);
            Tell(run);
        }
    }

    /// <summary>The agent of a turn that a host begins.</summary>
    /// <param name="source">The thread's source: the name of its agent, or of whoever ingests its updates.</param>
    /// <exception cref="TinyvexException"><c>conflict</c>: the agent that it names is another's.</exception>
    public string NameFor(IHost host, string? asked, string? source)
    {
        lock (_lock)
        {
            if (asked is not null && !MayUse(asked))
            {
                throw new TinyvexException(ErrorCode.Conflict, $"agent '{asked}' is run by {(isConfigured(asked) ? "the server" : "another connection")}");
            }

            return asked ?? (Sits(source) ? source : SeatsOf(host) is [var only] ? only.Name : source is not null && MayUse(source) ? source : null) ?? Unnamed;
        }

        bool Sits(string? name) => name is not null && _named.TryGetValue(name, out var seat) && seat.Host == host;

        bool MayUse(string name) => !isConfigured(name) && (!_named.TryGetValue(name, out var seat) || seat.Host == host);
    }

    /// <summary>A host has begun a turn, or takes up one that is under way.</summary>
    public void Begin(IHost host, string runId, string threadId, string agent, ReadOnlyMemory<byte> prompt)
    {
        lock (_lock)
        {
            var seat = _named.TryGetValue(agent, out var named) && named.Host == host ? named : OwnSeat(host);
            if (_runs.TryGetValue(runId, out var run))
            {
                Move(run, seat);
            }
            else
            {
                run = new HostedRun(runId, threadId, seat) { Prompt = prompt, IsStarted = true, IsTold = true };
                _runs.Add(runId, run);
            }

            if (!seat.Runs.Contains(run)) seat.Runs.Add(run);
        }
    }

    /// <summary>With what was asked in it.</summary>
    private void Move(HostedRun run, Seat to)
    {
        if (run.Seat == to) return;
        run.Seat.Runs.Remove(run);
        foreach (var asked in run.Seat.Asked.Values.Where(asked => asked.RunId == run.RunId).ToList())
        {
            run.Seat.Asked.Remove(asked.RequestId);
            to.Asked.Add(asked.RequestId, asked);
            _asked[asked.RequestId] = to;
        }

        run.Seat = to;
    }

    public HostedRun? Find(string runId)
    {
        lock (_lock) return _runs.GetValueOrDefault(runId);
    }

    public void Cancel(HostedRun run)
    {
        lock (_lock)
        {
            if (run.IsCancelling) return;
            run.IsCancelling = true;
            if (run.IsTold) run.Seat.Host?.RequestCancel(run);
        }
    }

    /// <summary>Whether its cancel was asked for.</summary>
    public bool IsCancelling(string runId)
    {
        lock (_lock) return _runs.TryGetValue(runId, out var run) && run.IsCancelling;
    }

    /// <summary>The host has ended the run, and that is stored.</summary>
    public void End(string runId) => Find(runId)?.End();

    public void Forget(HostedRun run)
    {
        lock (_lock)
        {
            run.Seat.Runs.Remove(run);
            _runs.Remove(run.RunId);
        }
    }

    /// <summary>A host has asked.</summary>
    public void Ask(IHost host, AskedQuestion asked)
    {
        lock (_lock)
        {
            var seat = asked.RunId is { } runId && _runs.TryGetValue(runId, out var run) ? run.Seat : SeatsOf(host) is [var only] ? only : OwnSeat(host);
            seat.Asked.Add(asked.RequestId, asked);
            _asked.Add(asked.RequestId, seat);
        }
    }

    /// <summary>Tells hosts what became of their questions.</summary>
    public void Answer(IReadOnlyList<(string RequestId, ReadOnlyMemory<byte> Outcome)> ended)
    {
        if (ended.Count == 0) return;
        lock (_lock)
        {
            foreach (var (requestId, outcome) in ended)
            {
                if (!_asked.Remove(requestId, out var seat) || !seat.Asked.Remove(requestId, out var asked)) continue;
                var answer = new QuestionAnswer(asked, outcome);
                if (seat.Host is { } host) host.TellAnswer(answer);
                else seat.Untold.Add(answer);
            }
        }
    }

    /// <summary>The thread was deleted, and with it all that was asked in it.</summary>
    public void Drop(string threadId)
    {
        lock (_lock)
        {
            Answer([.. _asked.Select(one => one.Value.Asked[one.Key]).Where(asked => asked.ThreadId == threadId)
                .Select(asked => (asked.RequestId, asked.IsPermission ? CancelledPermission : CancelledElicitation))]);
        }
    }

    private List<Seat> SeatsOf(IHost host) => [.. _named.Values.Where(seat => seat.Host == host)];

    private Seat OwnSeat(IHost host)
    {
        if (_own.TryGetValue(host, out var seat)) return seat;
        seat = new Seat(null) { Host = host };
        // One whose last request was stored after it had left.
        if (host.IsGone) Vacate(seat);
        else _own.Add(host, seat);
        return seat;
    }
}
