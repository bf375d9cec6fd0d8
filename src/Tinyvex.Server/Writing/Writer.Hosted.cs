using Tinyvex.Rows;

namespace Tinyvex.Writing;

/// <summary>Turns of agents that clients run themselves.</summary>
internal sealed partial class Writer
{
    private static readonly ReadOnlyMemory<byte> NoPrompt = "[]"u8.ToArray();

    private StartedRun Begin(BeginHostedRun command)
    {
        command.IsKnown = false;
        if (command.RunId is { } id && FindRun(id) is { } known)
        {
            CheckHosted(known, command.ThreadId, command.IsOurs);
            command.IsKnown = true;
            return new StartedRun { ThreadId = known.ThreadId, RunId = known.RunId, Agent = known.Agent, Prompt = known.Prompt };
        }

        var state = Find(command.ThreadId);
        if (state is not null && OpenRuns(command.ThreadId) is [var open, ..])
        {
            throw new TinyvexException(
                ErrorCode.Conflict, $"a run of this thread is {open.Status}; a turn begins when it has ended",
                $$"""{"runId":"{{System.Text.Json.JsonEncodedText.Encode(open.RunId)}}","status":"{{open.Status}}"}""");
        }

        var agent = command.ChooseAgent(state?.Row.Source);
        state ??= command.NeedsThread ? throw TinyvexException.NotFound($"thread '{command.ThreadId}'") : Add(command.ThreadId, agent);
        RowChanged(state);
        state.Row.Source ??= agent;
        EndOpen(state);
        var run = new RunRow
        {
            RunId = command.RunId ?? NewId(),
            ThreadId = command.ThreadId,
            Ord = state.NextOrd(),
            Agent = agent,
            Prompt = command.Prompt ?? NoPrompt,
            Status = RunStatus.Running,
            CreatedAt = _now,
            StartedAt = _now,
        };
        Insert(run);
        AppendPrompt(state, run.Prompt);
        return new StartedRun { ThreadId = run.ThreadId, RunId = run.RunId, Agent = agent, Prompt = run.Prompt };
    }

    private WriteOutcome End(EndHostedRun command)
    {
        var state = Require(command.ThreadId);
        var run = command.RunId is { } id ? RequireRun(id) : RunningOf(command.ThreadId);
        if (run is null) throw new TinyvexException(ErrorCode.Conflict, "no run is under way in this thread");
        CheckHosted(run, command.ThreadId, command.IsOurs);
        EndOpen(state);
        var permissions = CancelPermissions(state, run.RunId);
        var elicitations = CancelElicitations(state, run.RunId);
        // Many a way to stop in the middle looks like a failure to whoever is stopped.
        var isCancelled = command.StopReason == "cancelled" || (command.Error is not null && command.IsCancelling(run.RunId));
        Save(state, run with
        {
            Status = isCancelled ? RunStatus.Cancelled : command.Error is null ? RunStatus.Completed : RunStatus.Failed,
            StopReason = isCancelled ? "cancelled" : command.StopReason,
            Error = isCancelled || command.Error is null ? (ReadOnlyMemory<byte>?)null : ErrorObject.Write(command.Error),
            FinishedAt = _now,
            StalledAt = null,
        });
        return new WriteOutcome { ThreadId = run.ThreadId, RunId = run.RunId, Permissions = permissions, Elicitations = elicitations };
    }

    /// <summary>A run that is under way and a client's.</summary>
    private static void CheckHosted(RunRow run, string threadId, Func<string, bool> isOurs)
    {
        if (run.ThreadId != threadId) throw TinyvexException.NotFound($"run '{run.RunId}' of this thread");
        if (isOurs(run.Agent))
        {
            throw new TinyvexException(ErrorCode.Conflict, $"the server runs agent '{run.Agent}' of this run itself; run.cancel ends it");
        }

        if (run.Status == RunStatus.Running) return;
        throw new TinyvexException(
            ErrorCode.Conflict, RunStatus.IsOpen(run.Status) ? "the run is queued; it is asked for when its turn has come" : $"the run has ended: it is {run.Status}",
            $$"""{"status":"{{run.Status}}"}""");
    }

    private void CheckRuns(string runId, string threadId)
    {
        var status = _store.Get(RunRow.StatusInThread).Bind(1, runId).Bind(2, threadId).One(static row => row.Text(0))
            ?? throw TinyvexException.NotFound($"run '{runId}' of this thread");
        if (status != RunStatus.Running) throw new TinyvexException(ErrorCode.Conflict, $"the run is {status}, so nothing can be said in it", $$"""{"status":"{{status}}"}""");
    }

    /// <summary>The turn that a client's question belongs to; null outside of one.</summary>
    private string? HostedRunOf(string threadId, string? runId, Func<string, bool> isOurs)
    {
        var run = runId is null ? RunningOf(threadId) : RequireRun(runId);
        if (run is not null) CheckHosted(run, threadId, isOurs);
        return run?.RunId;
    }

    private void RequireUnderWay(string runId)
    {
        if (RequireRun(runId).Status != RunStatus.Running) throw new TinyvexException(ErrorCode.Conflict, "the run has ended");
    }

    /// <summary>
    /// A thread stays with its agent: where that is not there at present, as a client that runs it is gone, the prompt is not for another one that
    /// knows nothing of the conversation.
    /// </summary>
    private void CheckStays(ThreadState state, string agent)
    {
        if (state.Row.Source is not { } source || source == agent) return;
        var row = _store.Get(RunRow.IsOfAgent).Bind(1, state.Row.Id).Bind(2, source);
        var isItsAgent = row.Step();
        row.Reset();
        if (isItsAgent)
        {
            throw new TinyvexException(ErrorCode.AgentUnavailable, $"agent '{source}' of this thread is not there; start what runs it, or name another agent");
        }
    }
}
