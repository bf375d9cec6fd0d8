using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Agents;
using Tinyvex.Rows;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>
/// The agent side of one thread: runs its prompts one after the other, each a turn of its agent, and turns what the agent says into
/// commands for the writer. The other half, what the agent says, is ThreadSession.Agent.cs.
/// </summary>
internal sealed partial class ThreadSession(string threadId, SessionServices services) : IAgentHandler, IAsyncDisposable
{
    private readonly Lock _lock = new();
    // Bounded by the store: a prompt is refused there once too many of its thread are queued.
    private readonly Queue<(string RunId, string Agent)> _queue = new();
    private readonly ILogger _logger = services.Logger;
    private Task _loop = Task.CompletedTask;
    private bool _looping;
    private bool _stopping;
    private Turn? _turn;
    private LiveAgent? _agent;
    private string? _lastRunId;
    private ITimer? _lateTimer;

    public string ThreadId { get; } = threadId;

    /// <summary>Since when the agent has nothing to do; null while it works, or where there is none.</summary>
    public long? IdleSince { get; private set; }

    /// <summary>Whether nothing is left to be done and no agent lives.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_lock) return !_looping && _agent is null;
        }
    }

    /// <summary>Queues a run that is stored already.</summary>
    public void Enqueue(string runId, string agent)
    {
        lock (_lock)
        {
            if (_stopping) return;
            _queue.Enqueue((runId, agent));
            if (_looping) return;
            _looping = true;
            _loop = Task.Run(LoopAsync);
        }
    }

    /// <summary>Cancels the turn of a run, if it is the one under way.</summary>
    public void Cancel(string? runId)
    {
        lock (_lock)
        {
            if (_turn is { } turn && turn.RunId == runId) turn.Cancel();
        }
    }

    /// <summary>Ends everything: no further run starts, the turn under way is cancelled, the agent ended.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        LiveAgent? agent;
        lock (_lock)
        {
            _stopping = true;
            _queue.Clear();
            _turn?.Cancel();
            agent = _agent;
        }

        if (agent is not null) await agent.StopAsync(patience);
        await _loop;
        await DropAgentAsync();
    }

    /// <summary>Ends an idle agent to make room for another thread's; false where it has work again.</summary>
    public async Task<bool> TryRetireAgentAsync()
    {
        lock (_lock)
        {
            if (_looping || _agent is null) return false;
            // A prompt that arrives meanwhile waits for this loop and then starts a new agent.
            _looping = true;
        }

        await DropAgentAsync();
        lock (_lock)
        {
            _looping = _queue.Count > 0;
            if (_looping) _loop = Task.Run(LoopAsync);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(services.Options.StopGrace);
        if (_lateTimer is { } timer) await timer.DisposeAsync();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            Turn turn;
            string agent;
            lock (_lock)
            {
                if (!_queue.TryDequeue(out var next))
                {
                    _looping = false;
                    IdleSince = _agent is null ? null : services.Time.GetTimestamp();
                    break;
                }

                IdleSince = null;
                agent = next.Agent;
                _turn = turn = new Turn(next.RunId);
            }

            try
            {
                await RunAsync(turn, agent);
            }
            catch (Exception exception)
            {
                // Ends this run, not the thread: the next prompt gets its chance.
                LogFailed(ThreadId, exception);
                await EndAsync(turn, RunStatus.Failed, error: new TinyvexException(ErrorCode.Internal, "the server failed on this run; its log says more"));
            }

            lock (_lock) _turn = null;
        }

        services.Registry.Finished(this);
    }

    private async Task RunAsync(Turn turn, string agentName)
    {
        var started = await services.Writer.WriteAsync(done => new StartRun { RunId = turn.RunId, Completed = done });
        // Cancelled while it waited, or the thread is gone.
        if (started.Error is not null) return;
        _lastRunId = turn.RunId;
        LogRunStarted(turn.RunId, agentName);
        try
        {
            var directory = started.WorkingDirectory ?? services.Options.DefaultWorkingDirectory;
            var agent = await UnlessCancelledAsync(turn, EnsureAgentAsync(agentName, directory));
            if (agent is null)
            {
                // An agent that is cancelled while it starts has no turn that it could end.
                await DropAgentAsync();
                await EndAsync(turn, RunStatus.Cancelled, "cancelled");
                return;
            }

            var answer = await PromptAsync(agent, turn, started.Prompt);
            var stopReason = StopReason(answer);
            await EndAsync(turn, stopReason == "cancelled" ? RunStatus.Cancelled : RunStatus.Completed, stopReason);
        }
        catch (AgentRpcException error)
        {
            await EndAsync(
                turn, turn.IsCancelled ? RunStatus.Cancelled : RunStatus.Failed, turn.IsCancelled ? "cancelled" : null,
                turn.IsCancelled ? null : new TinyvexException(ErrorCode.AgentError, error.Message, AgentErrorData(error)));
        }
        catch (TinyvexException error)
        {
            var reason = _agent is { } agent && agent.IsGone && error.Code == ErrorCode.AgentError ? await agent.DescribeEndAsync() : error;
            await DropAgentAsync();
            await EndAsync(turn, turn.IsCancelled ? RunStatus.Cancelled : RunStatus.Failed, turn.IsCancelled ? "cancelled" : null, turn.IsCancelled ? null : reason);
        }
    }

    /// <summary>The agent of this thread, started where there is none.</summary>
    private async Task<LiveAgent> EnsureAgentAsync(string name, string directory)
    {
        if (_agent is { IsGone: false } alive && alive.Name == name) return alive;
        await DropAgentAsync();
        await services.Registry.MakeRoomAsync(this);
        var definition = services.Registry.Agents.Get(name);
        var agent = LiveAgent.Start(definition, directory, this, services.Options, _logger);
        lock (_lock) _agent = agent;
        await agent.OpenSessionAsync(directory, services.Version, services.Options, services.Time);
        var set = await services.Writer.WriteAsync(done => SessionResult.ToCommand(ThreadId, agent, done));
        if (set.Error is { } error) throw error;
        return agent;
    }

    private async Task<ReadOnlyMemory<byte>> PromptAsync(LiveAgent agent, Turn turn, ReadOnlyMemory<byte> prompt)
    {
        var answer = agent.PromptAsync(prompt);
        await Task.WhenAny(answer, turn.Cancelled);
        if (answer.IsCompleted) return await answer;
        try
        {
            await agent.CancelAsync();
            return await answer.WaitAsync(services.Options.CancelGrace, services.Time);
        }
        catch (TimeoutException)
        {
            await DropAgentAsync();
            throw new TinyvexException(ErrorCode.AgentError, "the agent did not end the cancelled turn and was killed");
        }
    }

    /// <summary>What a task gives, or null once the turn is cancelled; the task is then left to fail with its agent.</summary>
    private static async Task<LiveAgent?> UnlessCancelledAsync(Turn turn, Task<LiveAgent> task)
    {
        if (await Task.WhenAny(task, turn.Cancelled) == task) return await task;
        _ = task.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return null;
    }

    private async Task EndAsync(Turn turn, string status, string? stopReason = null, TinyvexException? error = null)
    {
        LogRunEnded(turn.RunId, status, error?.Code);
        var ended = await services.Writer.WriteAsync(done => new EndRun
        {
            RunId = turn.RunId,
            Status = status,
            StopReason = stopReason,
            Error = error is null ? (ReadOnlyMemory<byte>?)null : ErrorObject.Write(error),
            Completed = done,
        });
        services.Registry.Resolve(ended);
    }

    private async Task DropAgentAsync()
    {
        LiveAgent? agent;
        lock (_lock) (agent, _agent) = (_agent, null);
        if (agent is null) return;
        await agent.DisposeAsync();
    }

    private static string? StopReason(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer, JsonText.DocumentOptions);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("stopReason"u8, out var reason)
            && reason.ValueKind == JsonValueKind.String
            ? reason.GetString()
            : null;
    }

    private static string AgentErrorData(AgentRpcException error) =>
        $$"""{"code":{{error.Code.ToString(System.Globalization.CultureInfo.InvariantCulture)}},"data":{{error.DataJson ?? "null"}}}""";

    [LoggerMessage(EventId = LogEvents.RunStarted, Level = LogLevel.Information, Message = "Run {RunId} started with agent {Agent}")]
    private partial void LogRunStarted(string runId, string agent);

    [LoggerMessage(EventId = LogEvents.RunEnded, Level = LogLevel.Information, Message = "Run {RunId} {Status} ({Error})")]
    private partial void LogRunEnded(string runId, string status, ErrorCode? error);

    [LoggerMessage(EventId = LogEvents.SessionFailed, Level = LogLevel.Error, Message = "Thread {ThreadId}: a run failed in the server")]
    private partial void LogFailed(string threadId, Exception exception);
}
