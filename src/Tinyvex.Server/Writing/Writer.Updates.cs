using Tinyvex.Acp;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>What each ACP <c>SessionUpdate</c> changes (docs/protocol.md, "Writer rules").</summary>
internal sealed partial class Writer
{
    private const string Message = "message";
    private const string Reason = "reason";
    private const string User = "user";
    private const string Assistant = "assistant";

    private WriteOutcome Ingest(IngestUpdates command)
    {
        // One that names its run does not bring a thread back that was deleted meanwhile.
        if (command is IngestIntoRun into) CheckRuns(into.RunId, command.ThreadId);
        // An agent may still talk after its thread was deleted; that must not bring the thread back.
        var state = Find(command.ThreadId)
            ?? (command is { IsOfAgent: false, NeedsThread: false } ? Add(command.ThreadId, command.Provider) : throw TinyvexException.NotFound("the agent's thread"));
        foreach (var update in command.Updates) Apply(state, update, command.SessionId);
        return new WriteOutcome { ThreadId = command.ThreadId };
    }

    private void Apply(ThreadState state, SessionUpdate update, string? sessionId)
    {
        switch (update.Kind)
        {
            case SessionUpdateKind.UserMessageChunk:
                AppendChunk(state, update, Message, User, sessionId);
                break;
            case SessionUpdateKind.AgentMessageChunk:
                AppendChunk(state, update, Message, Assistant, sessionId);
                break;
            case SessionUpdateKind.AgentThoughtChunk:
                AppendChunk(state, update, Reason, null, sessionId);
                break;
            case SessionUpdateKind.ToolCall or SessionUpdateKind.ToolCallUpdate:
                MergeToolCall(state, update.ToolCall!, update.Name, update.Raw, sessionId);
                break;
            case SessionUpdateKind.Plan:
                var plan = new PlanRow(state.Row.Id, update.Value!.Value, _now);
                _store.Get(PlanRow.Upsert).Bind(1, plan.ThreadId).BindText(2, plan.Entries.Span).Bind(3, _now).Run();
                _changes.Add(new PlanChanged(AppendUpdate(state, update, sessionId), plan));
                break;
            case SessionUpdateKind.CurrentMode:
                MergeState(state, AppendUpdate(state, update, sessionId), modeId: update.ModeId);
                break;
            case SessionUpdateKind.AvailableCommands:
                MergeState(state, AppendUpdate(state, update, sessionId), commands: update.Value);
                break;
            case SessionUpdateKind.ConfigOption:
                MergeState(state, AppendUpdate(state, update, sessionId), configOptions: update.Value);
                break;
            case SessionUpdateKind.Usage:
                MergeState(state, AppendUpdate(state, update, sessionId), usage: update.Value);
                break;
            case SessionUpdateKind.SessionInfo:
                AppendUpdate(state, update, sessionId);
                SetTitle(state, update.Title, TitleSource.Agent);
                break;
            case SessionUpdateKind.Other:
                AppendUpdate(state, update, sessionId);
                break;
        }
    }

    private long AppendUpdate(ThreadState state, SessionUpdate update, string? sessionId) =>
        Append(state.Row.Id, EventKinds.OfAgent(update.Name), update.Raw, sessionId: sessionId);

    private void AppendChunk(ThreadState state, SessionUpdate update, string kind, string? role, string? sessionId)
    {
        var open = state.Open;
        var fits = open is not null && open.Identity.Kind == kind && open.Identity.Role == role
            && (update.MessageId is null || update.MessageId == open.AcpMessageId);
        if (!fits && update.Text is { IsEmpty: true })
        {
            // Some agents announce a message by an empty chunk, and then make a tool call instead: nothing was said.
            AppendUpdate(state, update, sessionId);
            return;
        }

        if (!fits) EndOpen(state);
        open = state.Open ?? Begin(state, kind, role, update.MessageId);
        var seq = open.NextSeq();
        if (update.Text is { } text) open.Append(text.Span);
        else open.Append(update.Block);
        var position = Append(state.Row.Id, update.Name, update.Raw, open.Identity.Ord, seq, open.TextLen, sessionId: sessionId);
        open.Appended(position, _store, _now);
        _changes.Add(new MessageChunk(
            position, open.Identity, seq, open.TextLen, _now, update.Text ?? default, update.BlockThatIsNoText));
        if (role == User && state.Row.TitleSource == TitleSource.None && update.Text is { Length: > 0 } first) TitleFrom(state, first.Span);
    }

    private OpenMessage Begin(ThreadState state, string kind, string? role, string? acpMessageId)
    {
        RowChanged(state);
        state.Row.MessageCount++;
        state.Row.LastMessageTs = _now;
        var open = new OpenMessage
        {
            Identity = new MessageIdentity(state.Row.Id, NewId(), kind, role, state.NextOrd()),
            AcpMessageId = acpMessageId,
        };
        _store.Get(MessageRow.Insert)
            .Bind(1, state.Row.Id).Bind(2, open.Identity.ItemId).Bind(3, open.Identity.Ord).Bind(4, role).Bind(5, kind).Bind(6, _lastEvent)
            .Bind(7, acpMessageId).Bind(8, _now)
            .Run();
        return state.Open = open;
    }

    /// <summary>Makes the open message of a thread final, if there is one.</summary>
    private void EndOpen(ThreadState state)
    {
        if (state.Open is not { } open) return;
        state.Open = null;
        open.Save(_store, _now, partial: false);
        var position = Append(state.Row.Id, EventKinds.Finalize, ord: open.Identity.Ord, seq: open.Seq, textLen: open.TextLen);
        _changes.Add(new MessageFinalized(position, open.Identity, open.Seq, open.TextLen));
        RowChanged(state);
    }

    private void MergeToolCall(ThreadState state, ToolCallPatch patch, string eventKind, ReadOnlyMemory<byte> raw, string? sessionId)
    {
        var threadId = state.Row.Id;
        var merged = Bind(ToolCallRow.Merge, patch.Kind, patch.Status);
        if (merged.Step())
        {
            var row = new ToolCallRow
            {
                ThreadId = threadId,
                ToolCallId = patch.ToolCallId,
                Ord = merged.Int64(0),
                Title = merged.NullableText(1),
                Kind = merged.NullableText(2),
                Status = merged.NullableText(3),
                CreatedAt = merged.Int64(4),
                Locations = merged.NullableBytes(5),
                Content = patch.Content,
                RawInput = patch.RawInput,
                RawOutput = patch.RawOutput,
                UpdatedAt = _now,
                IsPatch = true,
            };
            merged.Reset();
            _changes.Add(new ToolCallChanged(Append(threadId, eventKind, raw, subject: patch.ToolCallId, sessionId: sessionId), row));
            if (patch.Status is "completed" or "failed") RowChanged(state);
            return;
        }

        // First seen, be it in a tool_call, a tool_call_update or a permission request.
        EndOpen(state);
        RowChanged(state);
        var created = new ToolCallRow
        {
            ThreadId = threadId,
            ToolCallId = patch.ToolCallId,
            Ord = state.NextOrd(),
            Title = patch.Title,
            Kind = patch.Kind ?? "other",
            Status = patch.Status ?? "pending",
            Content = patch.Content,
            Locations = patch.Locations,
            RawInput = patch.RawInput,
            RawOutput = patch.RawOutput,
            CreatedAt = _now,
            UpdatedAt = _now,
        };
        Bind(ToolCallRow.Insert, created.Kind, created.Status).Bind(11, created.Ord).Run();
        _changes.Add(new ToolCallChanged(Append(threadId, eventKind, raw, subject: patch.ToolCallId, sessionId: sessionId), created));

        Statement Bind(string sql, string? kind, string? status) => _store.Get(sql)
            .Bind(1, threadId).Bind(2, patch.ToolCallId).Bind(3, patch.Title).Bind(4, kind).Bind(5, status)
            .BindText(6, patch.Content).BindText(7, patch.Locations).BindText(8, patch.RawInput).BindText(9, patch.RawOutput)
            .Bind(10, _now);
    }

    private void MergeState(
        ThreadState state, long position, string? modeId = null, ReadOnlyMemory<byte>? modes = null, ReadOnlyMemory<byte>? commands = null,
        ReadOnlyMemory<byte>? configOptions = null, ReadOnlyMemory<byte>? usage = null)
    {
        var row = _store.Get(StateRow.Merge)
            .Bind(1, state.Row.Id).Bind(2, modeId).BindText(3, modes).BindText(4, commands).BindText(5, configOptions).BindText(6, usage)
            .Bind(7, _now);
        row.Step();
        var merged = StateRow.Read(row);
        row.Reset();
        _changes.Add(new StateChanged(position, merged));
    }

    /// <summary>Sets a title, unless one of a higher rank stands.</summary>
    private void SetTitle(ThreadState state, string? title, TitleSource source)
    {
        if (title is null || source < state.Row.TitleSource || title == state.Row.Title) return;
        RowChanged(state);
        state.Row.Title = title;
        state.Row.TitleSource = source;
    }

    private void TitleFrom(ThreadState state, ReadOnlySpan<byte> text)
    {
        // The beginning is enough: a prompt may hold a whole file.
        var words = System.Text.Encoding.UTF8.GetString(Utf8Cut.AtMost(text, 4_096)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var title = Utf8Cut.Characters(string.Join(' ', words), 80);
        if (title.Length > 0) SetTitle(state, title, TitleSource.FirstPrompt);
    }

    private string NewId() => Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(_now)).ToString("N");

    private WriteOutcome Finalize(FinalizeMessages command)
    {
        var state = Require(command.ThreadId);
        var leftAlone = command.OnlyBetweenTurns && RunningOf(command.ThreadId) is not null;
        if (!leftAlone && (command.Kind is null || command.Kind == state.Open?.Identity.Kind)) EndOpen(state);
        return new WriteOutcome { ThreadId = command.ThreadId };
    }

    private WriteOutcome Set(SetSession command)
    {
        var state = Require(command.ThreadId);
        // Modes and options of another agent are none of this one's.
        var isOther = state.Row.ResumeAgent is { } before && before != command.Agent;
        if (state.Row.ResumeId != command.SessionId || state.Row.ResumeAgent != command.Agent)
        {
            RowChanged(state);
            (state.Row.ResumeId, state.Row.ResumeAgent) = (command.SessionId, command.Agent);
        }

        if (isOther) _store.Get(StateRow.Delete).Bind(1, command.ThreadId).Run();
        if (isOther || command.CurrentModeId is not null || command.AvailableModes is not null || command.ConfigOptions is not null)
        {
            var position = Append(command.ThreadId, EventKinds.Session, sessionId: command.SessionId);
            MergeState(state, position, command.CurrentModeId, command.AvailableModes, configOptions: command.ConfigOptions);
        }

        return new WriteOutcome { ThreadId = command.ThreadId };
    }

    private WriteOutcome Forget(ForgetSession command)
    {
        var state = Require(command.ThreadId);
        if (state.Row.ResumeId != command.SessionId) return new WriteOutcome();
        RowChanged(state);
        (state.Row.ResumeId, state.Row.ResumeAgent) = (null, null);
        return new WriteOutcome { ThreadId = command.ThreadId };
    }

    private WriteOutcome Set(SetState command)
    {
        var state = Require(command.ThreadId);
        var position = Append(command.ThreadId, EventKinds.Session, sessionId: command.SessionId);
        MergeState(state, position, command.CurrentModeId, configOptions: command.ConfigOptions);
        return new WriteOutcome { ThreadId = command.ThreadId };
    }
}
