using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>Turns of agents, and what they ask on the way.</summary>
internal sealed partial class Writer
{
    private static readonly ReadOnlyMemory<byte> CancelledOutcome = "{\"outcome\":\"cancelled\"}"u8.ToArray();

    private WriteOutcome Submit(SubmitRun command)
    {
        var state = command.ThreadId is { } id ? Require(id) : null;
        if (state is not null && command.IsHeld(state.Row.Id)) throw TinyvexException.Held();
        var agent = command.ChooseAgent(state?.Row.Source);
        if (!command.NamesAgent && state is not null) CheckStays(state, agent);
        if (state is not null && OpenRuns(state.Row.Id).Count >= command.MaxQueued)
        {
            throw new TinyvexException(ErrorCode.Overloaded, $"{command.MaxQueued} prompts wait in this thread already; cancel some or wait");
        }

        state ??= Add(NewId(), agent, command.WorkingDirectory);
        RowChanged(state);
        if (command.WorkingDirectory is not null) MoveTo(state.Row, command.WorkingDirectory);
        state.Row.Source ??= agent;
        SetPolicy(state, command.Policy);
        var run = new RunRow
        {
            RunId = NewId(),
            ThreadId = state.Row.Id,
            Ord = state.NextOrd(),
            Agent = agent,
            Prompt = command.Prompt,
            Status = RunStatus.Queued,
            CreatedAt = _now,
        };
        Insert(run);
        return new WriteOutcome
        {
            ThreadId = run.ThreadId,
            RunId = run.RunId,
            Agent = agent,
            Permissions = command.Policy is null ? [] : AnswerByPolicy(state, PendingPermissions(run.ThreadId)),
        };
    }

    private void Insert(RunRow run)
    {
        _store.Get(RunRow.Insert)
            .Bind(1, run.RunId).Bind(2, run.ThreadId).Bind(3, run.Ord).Bind(4, run.Agent).BindText(5, run.Prompt.Span).Bind(6, run.Status)
            .Bind(7, (string?)null).BindText(8, (ReadOnlyMemory<byte>?)null).Bind(9, run.CreatedAt).Bind(10, run.StartedAt).Bind(11, (long?)null)
            .Run();
        _changes.Add(new RunChanged(Append(run.ThreadId, EventKinds.Run, subject: run.RunId), run));
    }

    private StartedRun StartTurn(StartRun command)
    {
        var run = RequireRun(command.RunId);
        if (run.Status != RunStatus.Queued) throw new TinyvexException(ErrorCode.Conflict, $"the run is {run.Status}");
        var state = Require(run.ThreadId);
        EndOpen(state);
        Save(state, run with { Status = RunStatus.Running, StartedAt = _now });
        var before = state.Row.LastOrd + 1;
        AppendPrompt(state, run.Prompt);
        return new StartedRun
        {
            ThreadId = run.ThreadId,
            RunId = run.RunId,
            Agent = run.Agent,
            Thread = state.Row.Copy(),
            Before = before,
            Prompt = run.Prompt,
        };
    }

    /// <summary>The prompt becomes a message of the user.</summary>
    private void AppendPrompt(ThreadState state, ReadOnlyMemory<byte> blocks)
    {
        using var prompt = JsonDocument.Parse(blocks, JsonText.DocumentOptions);
        foreach (var block in prompt.RootElement.EnumerateArray()) AppendPromptBlock(state, blocks, block);
        EndOpen(state);
    }

    /// <summary>A block of a prompt enters the log in the form in which an agent would say it.</summary>
    private void AppendPromptBlock(ThreadState state, ReadOnlyMemory<byte> prompt, JsonElement block)
    {
        ReadOnlyMemory<byte> raw = (byte[])[.. "{\"sessionUpdate\":\"user_message_chunk\",\"content\":"u8, .. prompt.Slice(block).Span, (byte)'}'];
        using var update = JsonDocument.Parse(raw, JsonText.DocumentOptions);
        AppendChunk(state, SessionUpdate.Parse(raw, update.RootElement), Message, User, sessionId: null);
    }

    private WriteOutcome EndTurn(EndRun command)
    {
        var run = FindRun(command.RunId);
        if (run is null || !RunStatus.IsOpen(run.Status)) return new WriteOutcome();
        var state = Require(run.ThreadId);
        EndOpen(state);
        var permissions = CancelPermissions(state, run.RunId);
        var elicitations = CancelElicitations(state, run.RunId);
        Save(state, run with { Status = command.Status, StopReason = command.StopReason, Error = command.Error, FinishedAt = _now, StalledAt = null });
        return new WriteOutcome { ThreadId = run.ThreadId, RunId = run.RunId, Permissions = permissions, Elicitations = elicitations };
    }

    private WriteOutcome Note(NoteSilence command)
    {
        if (FindRun(command.RunId) is not { Status: RunStatus.Running } run || run.StalledAt == command.Since) return new WriteOutcome();
        Save(Require(run.ThreadId), run with { StalledAt = command.Since });
        return new WriteOutcome { ThreadId = run.ThreadId, RunId = run.RunId };
    }

    private WriteOutcome Cancel(CancelRun command)
    {
        RunRow? run;
        if (command.RunId is { } runId)
        {
            run = RequireRun(runId);
            if (command.ThreadId is { } named && named != run.ThreadId) throw TinyvexException.NotFound($"run '{runId}' of this thread");
            if (!RunStatus.IsOpen(run.Status)) throw new TinyvexException(ErrorCode.Conflict, $"the run has ended: it is {run.Status}");
        }
        else
        {
            Require(command.ThreadId!);
            // A run that was just submitted is queued for a moment, and the one that is meant.
            run = RunningOf(command.ThreadId!) ?? OpenRuns(command.ThreadId!).FirstOrDefault();
        }

        if (run is null) return new WriteOutcome { ThreadId = command.ThreadId };
        var state = Require(run.ThreadId);
        if (run.Status == RunStatus.Queued)
        {
            Save(state, run with { Status = RunStatus.Cancelled, FinishedAt = _now, StalledAt = null });
            return new WriteOutcome { ThreadId = run.ThreadId };
        }

        // The turn itself ends when the agent says so; what it has said and asked so far is over now.
        EndOpen(state);
        return new WriteOutcome
        {
            ThreadId = run.ThreadId,
            RunId = run.RunId,
            Permissions = CancelPermissions(state, run.RunId),
            Elicitations = CancelElicitations(state, run.RunId),
        };
    }

    private void Save(ThreadState state, RunRow run)
    {
        RowChanged(state);
        _store.Get(RunRow.Update)
            .Bind(1, run.RunId).Bind(2, run.Status).Bind(3, run.StopReason).BindText(4, run.Error).Bind(5, run.StartedAt).Bind(6, run.FinishedAt)
            .Bind(7, run.StalledAt)
            .Run();
        _changes.Add(new RunChanged(Append(run.ThreadId, EventKinds.Run, subject: run.RunId), run with { IsPatch = true }));
    }

    private WriteOutcome AskPermission(RequestPermission command)
    {
        var state = Require(command.ThreadId);
        var runId = command.RunId;
        if (command.IsOurs is { } isOurs) runId = HostedRunOf(command.ThreadId, runId, isOurs);
        else RequireUnderWay(runId!);
        EndOpen(state);
        RowChanged(state);
        if (command.Patch is { } patch) MergeToolCall(state, patch, EventKinds.RequestedToolCall, command.ToolCall, sessionId: null);
        var permission = new PermissionRow
        {
            RequestId = NewId(),
            ThreadId = command.ThreadId,
            RunId = runId,
            Ord = state.NextOrd(),
            ToolCall = command.ToolCall,
            Options = command.Options,
            Status = PermissionRow.Pending,
            CreatedAt = _now,
        };
        Insert(permission);
        return new WriteOutcome { ThreadId = command.ThreadId, RunId = runId, RequestId = permission.RequestId, Permissions = AnswerByPolicy(state, [permission]) };
    }

    private WriteOutcome AnswerPermission(RespondPermission command)
    {
        var permission = _store.Get(PermissionRow.Get).Bind(1, command.RequestId).One(PermissionRow.Read)
            ?? throw TinyvexException.NotFound($"permission request '{command.RequestId}'");
        if (permission.Status != PermissionRow.Pending) throw AnsweredBefore(permission.Status, permission.Outcome, permission.AnsweredBy);

        if (command.OptionId is { } option && !Offers(permission.Options, option))
        {
            throw TinyvexException.BadRequest("'optionId' must be one of the request's options");
        }

        var answer = command.OptionId is null ? CancelledOutcome : SelectedOutcome(command.OptionId);
        var status = command.OptionId is null ? PermissionRow.Cancelled : PermissionRow.Answered;
        Save(permission with { Status = status, Outcome = answer, AnsweredBy = command.AnsweredBy, AnsweredAt = _now });
        return new WriteOutcome { ThreadId = permission.ThreadId, RequestId = permission.RequestId, Permissions = [(permission.RequestId, answer)] };
    }

    private static TinyvexException AnsweredBefore(string status, ReadOnlyMemory<byte>? outcome, string? by)
    {
        var author = by is null ? "null" : $"\"{System.Text.Json.JsonEncodedText.Encode(by)}\"";
        var given = outcome is { } json ? System.Text.Encoding.UTF8.GetString(json.Span) : "null";
        return new TinyvexException(
            ErrorCode.Conflict, $"the request is {status}; the first answer stands", $$"""{"status":"{{status}}","outcome":{{given}},"answeredBy":{{author}}}""");
    }

    private List<(string RequestId, ReadOnlyMemory<byte> Outcome)> CancelPermissions(ThreadState state, string? runId)
    {
        var ended = new List<(string RequestId, ReadOnlyMemory<byte> Outcome)>();
        foreach (var permission in PendingPermissions(state.Row.Id))
        {
            if (runId is not null && permission.RunId != runId) continue;
            Save(permission with { Status = PermissionRow.Cancelled, Outcome = CancelledOutcome, AnsweredAt = _now });
            ended.Add((permission.RequestId, CancelledOutcome));
        }

        return ended;
    }

    private List<PermissionRow> PendingPermissions(string threadId) =>
        _store.Get(PermissionRow.PendingOfThread).Bind(1, threadId).All(PermissionRow.Read);

    private void Insert(PermissionRow permission)
    {
        _store.Get(PermissionRow.Insert)
            .Bind(1, permission.RequestId).Bind(2, permission.ThreadId).Bind(3, permission.RunId).Bind(4, permission.Ord)
            .BindText(5, permission.ToolCall.Span).BindText(6, permission.Options.Span).Bind(7, permission.Status)
            .BindText(8, permission.Outcome).Bind(9, permission.AnsweredBy).Bind(10, permission.CreatedAt).Bind(11, permission.AnsweredAt)
            .Run();
        Tell(permission);
    }

    private void Save(PermissionRow permission)
    {
        _store.Get(PermissionRow.Update)
            .Bind(1, permission.RequestId).Bind(2, permission.Status).BindText(3, permission.Outcome).Bind(4, permission.AnsweredBy)
            .Bind(5, permission.AnsweredAt)
            .Run();
        Tell(permission);
    }

    private void Tell(PermissionRow permission) => _changes.Add(
        new PermissionChanged(Append(permission.ThreadId, EventKinds.Permission, subject: permission.RequestId), permission));

    private static bool Offers(ReadOnlyMemory<byte> options, string optionId)
    {
        using var document = JsonDocument.Parse(options, JsonText.DocumentOptions);
        foreach (var option in document.RootElement.EnumerateArray())
        {
            if (option.ValueKind == JsonValueKind.Object && option.TryGetProperty("optionId"u8, out var id)
                && id.ValueKind == JsonValueKind.String && id.ValueEquals(optionId)) return true;
        }

        return false;
    }

    private static ReadOnlyMemory<byte> SelectedOutcome(string optionId)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("outcome"u8, "selected"u8);
            json.WriteString("optionId"u8, optionId);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private WriteOutcome Close(CloseOpenWork command)
    {
        var threads = _store.Get("""
            SELECT threadId FROM messages WHERE partial = 1
            UNION SELECT threadId FROM runs WHERE status IN ('queued', 'running')
            UNION SELECT threadId FROM permissions WHERE status = 'pending'
            UNION SELECT threadId FROM terminals WHERE status = 'running'
            UNION SELECT threadId FROM elicitations WHERE status = 'pending'
            """).All(static row => row.Text(0));
        foreach (var id in threads)
        {
            var state = Require(id);
            // A server that was killed ended at some time after this one; when it was started again says nothing of its runs.
            var last = command.RunStatus == RunStatus.Failed ? state.Row.UpdatedAt : _now;
            EndOpen(state);
            CancelPermissions(state, runId: null);
            LoseTerminals(id);
            CancelElicitations(state, runId: null);
            foreach (var run in OpenRuns(id))
            {
                Save(state, run with { Status = command.RunStatus, Error = ErrorObject.Write(new TinyvexException(ErrorCode.AgentError, command.Reason)), FinishedAt = Math.Max(last, run.StartedAt ?? run.CreatedAt), StalledAt = null });
            }
        }

        return new WriteOutcome();
    }

    private RunRow? FindRun(string runId) => _store.Get(RunRow.Get).Bind(1, runId).One(RunRow.Read);

    private RunRow RequireRun(string runId) => FindRun(runId) ?? throw TinyvexException.NotFound($"run '{runId}'");

    private List<RunRow> OpenRuns(string threadId) => _store.Get(RunRow.OpenOfThread).Bind(1, threadId).All(RunRow.Read);

    private RunRow? RunningOf(string threadId) => OpenRuns(threadId).Find(run => run.Status == RunStatus.Running);
}
