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
        "DELETE FROM elicitations WHERE threadId = ?1",
        "DELETE FROM threads WHERE id = ?1",
    ];

    private WriteOutcome Create(CreateThread command)
    {
        var state = Add(NewId(), command.Agent, command.WorkingDirectory);
        SetTitle(state, command.Title, TitleSource.Client);
        SetPolicy(state, command.Policy);
        return new WriteOutcome { ThreadId = state.Row.Id };
    }

    private WriteOutcome Update(UpdateThread command)
    {
        var state = Require(command.ThreadId);
        RowChanged(state);
        var row = state.Row;
        if (command.Title is { } title) (row.Title, row.TitleSource) = (title.Value, title.Value is null ? TitleSource.None : TitleSource.Client);
        if (command.Archived is { } archived) row.Archived = archived;
        if (command.ProjectId is { } projectId) row.ProjectId = projectId.Value;
        if (command.WorkingDirectory is { } directory) row.WorkingDirectory = directory.Value;
        SetPolicy(state, command.Policy);
        // What waits for an answer is looked at anew: by another policy, or in other directories.
        var mayAllowMore = command.Policy is not null || command.WorkingDirectory is not null;
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
        return new WriteOutcome { ThreadId = command.ThreadId, RunId = run?.RunId };
    }
}
