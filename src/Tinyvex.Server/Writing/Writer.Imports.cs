using System.Text.Json;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>
/// Conversations from elsewhere. Each part says after which one it comes, and its own mark is stored with it: so a part is stored once, whoever sends it
/// how often, and an import that was cut off goes on where it was.
/// </summary>
internal sealed partial class Writer
{
    private const string LastImport = "SELECT subject FROM acp_events WHERE threadId = ?1 AND updateKind = 'tvx.import' ORDER BY id DESC LIMIT 1";

    private WriteOutcome Import(ImportEntries command)
    {
        var state = Find(command.ThreadId);
        var position = state is null ? null : ImportedTo(command.ThreadId);
        if (position != command.After || (state is not null && position is null)) throw Elsewhere(command.ThreadId, position);
        if (command.Position is null) return new WriteOutcome { ThreadId = command.ThreadId };
        CheckRuns(command);
        var thread = command.Thread;
        if (state is null)
        {
            TimeIs(thread.CreatedAt ?? command.Entries.FirstOrDefault(entry => entry.Ts is not null)?.Ts);
            state = Add(command.ThreadId, thread.Source, thread.WorkingDirectory);
            (state.Row.ProjectId, state.Row.ResumeId) = (thread.ProjectId, thread.ResumeId);
            state.Row.ResumeAgent = thread.ResumeId is null ? null : thread.Source;
        }

        else
        {
            TimeIs(state.Row.UpdatedAt);
        }

        RowChanged(state);
        if (thread.Archived is { } archived) state.Row.Archived = archived;
        foreach (var entry in command.Entries)
        {
            TimeIs(entry.Ts);
            Apply(state, entry);
        }

        SetTitle(state, thread.Title, TitleSource.Client);
        Append(command.ThreadId, EventKinds.Import, subject: command.Position);
        return new WriteOutcome { ThreadId = command.ThreadId };
    }

    /// <summary>What was, was then. A time that has not come yet is a broken clock.</summary>
    private void TimeIs(long? time) => _now = time is { } given ? Math.Clamp(given, 0, _clock) : _now;

    private string? ImportedTo(string threadId) => _store.Get(LastImport).Bind(1, threadId).One(static row => row.Text(0));

    private static TinyvexException Elsewhere(string threadId, string? position)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("position"u8, position);
            json.WriteEndObject();
        }

        return new TinyvexException(
            ErrorCode.Conflict,
            position is null ? $"thread '{threadId}' is no import" : $"the import of thread '{threadId}' stands elsewhere",
            System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Refused before anything is written: the ids of runs are for all threads.</summary>
    private void CheckRuns(ImportEntries command)
    {
        foreach (var entry in command.Entries)
        {
            var id = entry switch { ImportedBegin begin => begin.RunId, ImportedRun run => run.RunId, ImportedEnd end => end.RunId, _ => null };
            if (id is not null && FindRun(id) is { } other && other.ThreadId != command.ThreadId)
            {
                throw new TinyvexException(ErrorCode.Conflict, $"run '{id}' is of another thread");
            }
        }
    }

    private void Apply(ThreadState state, ImportEntry entry)
    {
        switch (entry)
        {
            case ImportedUpdate update:
                Apply(state, update.Update, sessionId: null);
                break;
            case ImportedFinalize:
                EndOpen(state);
                break;
            case ImportedBegin begin:
                EndOpen(state);
                if (!Add(state, begin, begin.RunId, begin.Agent, begin.Prompt)) break;
                using (var prompt = JsonDocument.Parse(begin.Prompt, JsonText.DocumentOptions))
                {
                    foreach (var block in prompt.RootElement.EnumerateArray()) AppendPromptBlock(state, begin.Prompt, block);
                }

                EndOpen(state);
                break;
            case ImportedEnd end:
                EndOpen(state);
                if (FindRun(end.RunId) is not { } run) break;
                run = run with { Status = end.Status, StopReason = end.StopReason, Error = end.Error, FinishedAt = _now, StalledAt = null };
                if (RunStatus.IsOpen(FindRun(end.RunId)!.Status)) Save(state, run);
                else Correct(state, run);
                break;
            case ImportedRun over:
                Add(state, over, over.RunId, over.Agent, over.Prompt);
                break;
            case ImportedPermission permission:
                Add(state, permission);
                break;
            case ImportedElicitation elicitation:
                Add(state, elicitation);
                break;
            case ImportedSession session:
                MergeState(
                    state, Append(state.Row.Id, EventKinds.Session), session.CurrentModeId, session.AvailableModes, configOptions: session.ConfigOptions);
                break;
        }
    }

    /// <summary>Adds a run; false where it is there already, as its import was cut off.</summary>
    private bool Add(ThreadState state, ImportEntry entry, string runId, string? agent, ReadOnlyMemory<byte> prompt)
    {
        if (FindRun(runId) is not null) return false;
        RowChanged(state);
        var over = entry as ImportedRun;
        var run = new RunRow
        {
            RunId = runId,
            ThreadId = state.Row.Id,
            Ord = state.NextOrd(),
            Agent = agent ?? state.Row.Source ?? "unknown",
            Prompt = prompt,
            Status = over?.Status ?? RunStatus.Running,
            StopReason = over?.StopReason,
            Error = over?.Error,
            CreatedAt = _now,
            StartedAt = over is null ? _now : over.StartedAt,
            FinishedAt = over?.FinishedAt,
        };
        _store.Get(RunRow.Insert)
            .Bind(1, run.RunId).Bind(2, run.ThreadId).Bind(3, run.Ord).Bind(4, run.Agent).BindText(5, prompt.Span).Bind(6, run.Status)
            .Bind(7, run.StopReason).BindText(8, run.Error).Bind(9, run.CreatedAt).Bind(10, run.StartedAt).Bind(11, run.FinishedAt)
            .Run();
        _changes.Add(new RunChanged(Append(run.ThreadId, EventKinds.Run, subject: run.RunId), run));
        return true;
    }

    /// <summary>The server's end closed a run whose own end has only now been brought in.</summary>
    private void Correct(ThreadState state, RunRow run)
    {
        RowChanged(state);
        _store.Get(RunRow.Correct).Bind(1, run.RunId).Bind(2, run.Status).Bind(3, run.StopReason).BindText(4, run.Error).Bind(5, run.FinishedAt).Run();
        _changes.Add(new RunChanged(Append(run.ThreadId, EventKinds.Run, subject: run.RunId), run with { IsPatch = true }));
    }

    private void Add(ThreadState state, ImportedPermission asked)
    {
        EndOpen(state);
        RowChanged(state);
        var permission = new PermissionRow
        {
            RequestId = NewId(),
            ThreadId = state.Row.Id,
            RunId = asked.RunId,
            Ord = state.NextOrd(),
            ToolCall = asked.ToolCall,
            Options = asked.Options,
            Status = asked.AnsweredBy is null ? PermissionRow.Cancelled : PermissionRow.Answered,
            Outcome = asked.Outcome ?? CancelledOutcome,
            AnsweredBy = asked.AnsweredBy,
            CreatedAt = _now,
            AnsweredAt = asked.AnsweredAt ?? _now,
        };
        Insert(permission);
    }

    private void Add(ThreadState state, ImportedElicitation asked)
    {
        EndOpen(state);
        RowChanged(state);
        Insert(new ElicitationRow
        {
            RequestId = NewId(),
            ThreadId = state.Row.Id,
            RunId = asked.RunId,
            Ord = state.NextOrd(),
            Request = asked.Request,
            Status = asked.Action is null or RespondElicitation.Cancel ? ElicitationRow.Cancelled : ElicitationRow.Answered,
            Outcome = asked.Outcome ?? CancelAction,
            AnsweredBy = asked.AnsweredBy,
            CreatedAt = _now,
            AnsweredAt = asked.AnsweredAt ?? _now,
        });
    }
}
