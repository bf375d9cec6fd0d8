using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Acp;
using Tinyvex.Agents;
using Tinyvex.Rows;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>A turn, from the committed prompt to its stored end, and the agent that it needs.</summary>
internal sealed partial class ThreadSession
{
    /// <summary>Starts the run in the store; null where it was cancelled while it waited, or the thread is gone.</summary>
    private async Task<StartedRun?> StartRunAsync(Turn turn)
    {
        var outcome = await services.Writer.WriteAsync(done => new StartRun { RunId = turn.RunId, Completed = done });
        if (outcome.Error is { Code: ErrorCode.Conflict or ErrorCode.NotFound }) return null;
        return outcome.Error is { } refused ? throw refused : (StartedRun)outcome;
    }

    /// <summary>Runs a turn to its end. Whatever fails ends this run and not the thread: the next prompt gets its chance.</summary>
    private async Task RunAsync(Turn turn, string agentName)
    {
        try
        {
            if (services.Registry.Attached.Carries(turn.RunId, agentName))
            {
                await RunHostedAsync(turn, agentName);
                return;
            }

            if (await StartRunAsync(turn) is not { } started) return;
            LogRunStarted(turn.RunId, agentName);
            BeginWatch();
            var session = await EnsureSessionAsync(agentName, started.Thread!, turn.Token);
            var blocks = PromptBlocks.Fit(started.Prompt, session.Agent.Facts!, agentName);
            if (session.OwesHistory && await ReadHistoryAsync(started.Before) is { } history) blocks = PromptBlocks.Join(history, blocks);
            var stopReason = StopReason(await PromptAsync(session, turn, blocks));
            services.Registry.Agents.NoteLogin(agentName, isWanted: false);
            await EndAsync(turn, stopReason == "cancelled" ? RunStatus.Cancelled : RunStatus.Completed, stopReason);
        }
        catch (Exception exception) when (turn.IsCancelled && exception is OperationCanceledException or TinyvexException or AgentRpcException)
        {
            await EndAsync(turn, RunStatus.Cancelled, "cancelled");
        }
        catch (AgentRpcException error)
        {
            if (error.WantsLogin) services.Registry.Agents.NoteLogin(agentName, isWanted: true);
            await EndAsync(turn, RunStatus.Failed, error: error.ToClient(agentName, services.Registry.Agents.LoginOf(agentName)));
        }
        catch (TinyvexException error)
        {
            await EndAsync(turn, RunStatus.Failed, error: error);
        }
        catch (Exception exception)
        {
            LogFailed(ThreadId, exception);
            await EndAsync(turn, RunStatus.Failed, error: new TinyvexException(ErrorCode.Internal, "the server failed on this run; its log says more"));
        }
    }

    /// <summary>What was said before, for an agent that does not know of it; null where nothing was.</summary>
    private ValueTask<ReadOnlyMemory<byte>?> ReadHistoryAsync(long before) =>
        services.Readers.ReadAsync(store => Preamble.Read(store, ThreadId, before), CancellationToken.None);

    private async Task<ReadOnlyMemory<byte>> PromptAsync(AgentSession session, Turn turn, ReadOnlyMemory<byte> prompt)
    {
        var answer = session.PromptAsync(prompt, turn.MarkAnswered);
        try
        {
            var result = await answer.WaitAsync(turn.Token);
            session.OwesHistory = false;
            return result;
        }
        catch (OperationCanceledException)
        {
            // Not waited for: an agent that does not read takes no cancel either, and has the same time to end.
            _ = session.TryCancelAsync();
            _questions.CancelAll(turn.RunId);
            session.OwesHistory = false;
            return await EndOfCancelledAsync(session, answer);
        }
        catch (AgentGoneException)
        {
            var why = await session.Agent.DescribeEndAsync();
            await DropAgentAsync();
            throw why;
        }
    }

    private async Task<ReadOnlyMemory<byte>> EndOfCancelledAsync(AgentSession session, Task<ReadOnlyMemory<byte>> answer)
    {
        try
        {
            return await answer.WaitAsync(services.Options.CancelGrace, services.Time);
        }
        catch (Exception exception) when (exception is TimeoutException or AgentGoneException)
        {
            // Where others need the process their turns go on. This session is left as it is, and the next prompt gets a new one.
            if (services.Registry.Pool.IsNeededByOthers(session.Agent, this))
            {
                _ = services.Writer.EnqueueUnlessStoppingAsync(new ForgetSession { ThreadId = ThreadId, SessionId = session.Id });
            }

            await DropAgentAsync();
            throw new OperationCanceledException("the agent did not end the cancelled turn, and was ended instead", exception);
        }
    }

    /// <summary>Stores the end of a run, once the store takes it.</summary>
    private async Task EndAsync(Turn turn, string status, string? stopReason = null, TinyvexException? error = null)
    {
        var how = error?.Code.Wire() ?? status;
        LogRunEnded(turn.RunId, how);
        try
        {
            var ended = await services.Writer.WriteAsync(done => new EndRun
            {
                RunId = turn.RunId,
                Status = status,
                StopReason = stopReason,
                Error = error is null ? (ReadOnlyMemory<byte>?)null : ErrorObject.Write(error),
                Completed = done,
            });
            Resolve(ended);
            if (ended.Error is { } refused) LogEndRefused(turn.RunId, refused);
        }
        catch (TinyvexException stopping) when (stopping.Code == ErrorCode.Overloaded)
        {
            // The server stops, and ends what is open itself.
        }
    }

    private static string? StopReason(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer, JsonText.DocumentOptions);
        return document.RootElement.Text("stopReason");
    }

    [LoggerMessage(EventId = LogEvents.RunStarted, Level = LogLevel.Information, Message = "Run {RunId} started with agent {Agent}")]
    private partial void LogRunStarted(string runId, string agent);

    [LoggerMessage(EventId = LogEvents.RunEnded, Level = LogLevel.Information, Message = "Run {RunId} ended: {How}")]
    private partial void LogRunEnded(string runId, string how);

    [LoggerMessage(EventId = LogEvents.SessionFailed, Level = LogLevel.Error, Message = "Thread {ThreadId}: a run failed in the server")]
    private partial void LogFailed(string threadId, Exception exception);

    [LoggerMessage(EventId = LogEvents.RunEndRefused, Level = LogLevel.Error, Message = "The end of run {RunId} could not be stored")]
    private partial void LogEndRefused(string runId, Exception exception);
}
