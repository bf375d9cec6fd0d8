using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

internal sealed partial class Writer
{
    /// <summary>
    /// What is shown without asking for the thread, or is small: gone with the thread. Its messages, tool calls and log are seen no more, and purged
    /// step by step.
    /// </summary>
    private static readonly string[] DeleteOfThread =
    [
        "DELETE FROM messages WHERE threadId = ?1 AND partial = 1",
        "DELETE FROM acp_plan WHERE threadId = ?1",
        "DELETE FROM acp_state WHERE threadId = ?1",
        "DELETE FROM runs WHERE threadId = ?1",
        "DELETE FROM permissions WHERE threadId = ?1",
        "DELETE FROM terminals WHERE threadId = ?1",
        "DELETE FROM elicitations WHERE threadId = ?1",
        "DELETE FROM threads WHERE id = ?1",
    ];

    private const string OfSession = "SELECT id FROM threads WHERE resumeAgent = ?1 AND resumeId = ?2 LIMIT 1";

    private WriteOutcome Create(CreateThread command)
    {
        if (command.SessionId is not null) RequireNoneHas(command.Agent!, command.SessionId);
        var state = Add(NewId(), command.Agent, command.WorkingDirectory);
        SetTitle(state, command.Title, TitleSource.Client);
        SetPolicy(state, command.Policy);
        if (command.SessionId is not null) (state.Row.ResumeId, state.Row.ResumeAgent) = (command.SessionId, command.Agent);
        return new WriteOutcome { ThreadId = state.Row.Id };
    }

    /// <summary>Two threads that go on with one session would each miss what the other says.</summary>
    private void RequireNoneHas(string agent, string sessionId)
    {
        if (_store.Get(OfSession).Bind(1, agent).Bind(2, sessionId).One(static row => row.Text(0)) is not { } threadId) return;
        throw new TinyvexException(
            ErrorCode.Conflict, "a thread has this session already", $"{{\"threadId\":\"{System.Text.Json.JsonEncodedText.Encode(threadId)}\"}}");
    }

    /// <summary>An agent's session belongs to the directory in which it was made, so another one gets another session.</summary>
    private static void MoveTo(ThreadRow row, string? directory)
    {
        if (row.WorkingDirectory == directory) return;
        row.WorkingDirectory = directory;
        (row.ResumeId, row.ResumeAgent) = (null, null);
    }

    private WriteOutcome Update(UpdateThread command)
    {
        var state = Require(command.ThreadId);
        RowChanged(state);
        var row = state.Row;
        if (command.Title is { } title) (row.Title, row.TitleSource) = (title.Value, title.Value is null ? TitleSource.None : TitleSource.Client);
        if (command.Archived is { } archived) row.Archived = archived;
        if (command.ProjectId is { } projectId) row.ProjectId = projectId.Value;
        if (command.WorkingDirectory is { } directory) MoveTo(row, directory.Value);
        if (command.McpServers is { } servers) row.McpServers = servers.Value;
        if (command.AdditionalDirectories is { } directories) row.AdditionalDirectories = directories.Value;
        SetPolicy(state, command.Policy);
        // What waits for an answer is looked at anew: by another policy, or in other directories.
        var mayAllowMore = command.Policy is not null || command.WorkingDirectory is not null || command.AdditionalDirectories is not null;
        return new WriteOutcome
        {
            ThreadId = command.ThreadId,
            Permissions = mayAllowMore ? AnswerByPolicy(state, PendingPermissions(command.ThreadId)) : [],
        };
    }

    private WriteOutcome Delete(DeleteThread command)
    {
        var state = Require(command.ThreadId);
        var run = RunningOf(command.ThreadId);
        foreach (var sql in DeleteOfThread) _store.Get(sql).Bind(1, state.Row.Id).Run();
        _threads.Remove(command.ThreadId);
        var position = Append(command.ThreadId, EventKinds.Deleted);
        _store.Get("INSERT OR REPLACE INTO tombstones(threadId, deletedAt, eventId) VALUES (?1, ?2, ?3)")
            .Bind(1, command.ThreadId).Bind(2, _now).Bind(3, position).Run();
        _store.Get(ThreadPurge.Begin).Bind(1, command.ThreadId).Bind(2, position).Run();
        // Most threads are small, and gone at once.
        ThreadPurge.Step(_store, command.ThreadId, position);
        _changes.Add(new ThreadDeleted(position, command.ThreadId));
        if (command.ForgottenKey is { } key) _store.Get(IdempotencyKey.ForgetOne).Bind(1, key).Run();
        return new WriteOutcome { ThreadId = command.ThreadId, RunId = run?.RunId };
    }
}
