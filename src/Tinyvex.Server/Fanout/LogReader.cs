using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Rows;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Fanout;

/// <summary>
/// Reads changes back from the log, for readers whose place is no longer in memory. Rows are given as they are now, which is
/// later than the event and never earlier; of several events about one row in a batch, only the last is given.
/// </summary>
internal static class LogReader
{
    /// <summary>Events read in one go: bounds the memory of a catch-up, and the time a read transaction is open.</summary>
    public const int BatchEvents = 512;

    private const string Identity = "SELECT itemId, kind, role FROM messages WHERE threadId = ?1 AND ord = ?2";

    /// <summary>Bytes of chunks read in one go: a few of them may be as large as five hundred.</summary>
    private const int BatchBytes = 1024 * 1024;

    /// <summary>Reads a batch, and answers up to where, and whether that is the end of the log.</summary>
    /// <param name="threadId">Only this thread's events, or null for all.</param>
    /// <param name="take">Takes the changes in order; false ends the batch.</param>
    public static (long ReadTo, bool AtEnd) Read(StoreConnection connection, long after, string? threadId, Func<Change, bool> take)
    {
        var messages = new Dictionary<(string, long), MessageIdentity?>();
        var latest = new Dictionary<(string, string, string?), int>();
        var rows = connection.Get(threadId is null ? EventLog.After : EventLog.AfterInThread).Bind(1, after).Bind(2, BatchEvents);
        if (threadId is not null) rows.Bind(3, threadId);
        var events = new List<LoggedEvent>();
        var bytes = 0;
        while (bytes < BatchBytes && rows.Step())
        {
            var logged = LoggedEvent.Read(rows);
            events.Add(logged);
            bytes += logged.Raw?.Length ?? 0;
        }

        rows.Reset();
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Subject is { } key && !IsNeverMerged(key.Table)) latest[(events[i].ThreadId, key.Table, key.Id)] = i;
        }

        for (var i = 0; i < events.Count; i++)
        {
            var logged = events[i];
            if (logged.Subject is { } key && latest.TryGetValue((logged.ThreadId, key.Table, key.Id), out var last) && last != i) continue;
            if (ToChange(connection, logged, messages) is { } change && !take(change)) return (change.Position, false);
        }

        return (events.Count == 0 ? after : events[^1].Id, events.Count < BatchEvents && bytes < BatchBytes);
    }

    /// <summary>What a client must see each of: how a run or a permission went is told step by step.</summary>
    private static bool IsNeverMerged(string table) => table is "runs" or "permissions" or "deleted";

    private static Change? ToChange(StoreConnection connection, LoggedEvent logged, Dictionary<(string, long), MessageIdentity?> messages)
    {
        if (logged.Ord is { } ord)
        {
            if (!messages.TryGetValue((logged.ThreadId, ord), out var message))
            {
                message = One(
                    connection.Get(Identity).Bind(1, logged.ThreadId).Bind(2, ord),
                    row => new MessageIdentity(logged.ThreadId, row.Text(0), row.Text(1), row.NullableText(2), ord));
                messages.Add((logged.ThreadId, ord), message);
            }

            return message is null ? null : MessageChange(logged, message);
        }

        return logged.Subject?.Table switch
        {
            "threads" => One(connection.Get(ThreadRow.Get).Bind(1, logged.ThreadId), ThreadRow.Read) is { } row ? new ThreadChanged(logged.Id, row) : null,
            "tool_calls" => One(connection.Get(ToolCallRow.Get).Bind(1, logged.ThreadId).Bind(2, logged.SubjectId), ToolCallRow.Read) is { } row
                ? new ToolCallChanged(logged.Id, row) : null,
            "plan" => One(connection.Get(PlanRow.Get).Bind(1, logged.ThreadId), PlanRow.Read) is { } row ? new PlanChanged(logged.Id, row) : null,
            "state" => One(connection.Get(StateRow.Get).Bind(1, logged.ThreadId), StateRow.Read) is { } row ? new StateChanged(logged.Id, row) : null,
            "runs" => One(connection.Get(RunRow.Get).Bind(1, logged.SubjectId), RunRow.Read) is { } row ? new RunChanged(logged.Id, row) : null,
            "permissions" => One(connection.Get(PermissionRow.Get).Bind(1, logged.SubjectId), PermissionRow.Read) is { } row
                ? new PermissionChanged(logged.Id, row) : null,
            "deleted" => new ThreadDeleted(logged.Id, logged.ThreadId),
            _ => null,
        };
    }

    private static Change MessageChange(LoggedEvent logged, MessageIdentity message)
    {
        if (logged.Kind == EventKinds.Finalize)
        {
            return new MessageFinalized(logged.Id, message, logged.Seq, logged.TextLen);
        }

        var raw = logged.Raw!.Value;
        using var document = JsonDocument.Parse(raw, JsonText.DocumentOptions);
        var update = SessionUpdate.Parse(raw, document.RootElement);
        return new MessageChunk(logged.Id, message, logged.Seq, logged.TextLen, logged.Ts, update.Text ?? default, update.BlockThatIsNoText);
    }

    private static T? One<T>(Statement statement, Func<Statement, T> read) where T : class
    {
        if (!statement.Step()) return null;
        var row = read(statement);
        statement.Reset();
        return row;
    }

    /// <summary>A row of <c>acp_events</c>, with the raw JSON of chunks alone: of all else the row tells.</summary>
    private sealed record LoggedEvent(
        long Id, string ThreadId, long Ts, string Kind, long? Ord, long Seq, long TextLen, string? SubjectId, ReadOnlyMemory<byte>? Raw)
    {
        public static LoggedEvent Read(Statement row) => new(
            row.Int64(0), row.Text(1), row.Int64(2), row.Text(3), row.NullableInt64(4), row.NullableInt64(5) ?? 0, row.NullableInt64(6) ?? 0,
            row.NullableText(7), row.IsNull(4) ? (ReadOnlyMemory<byte>?)null : row.NullableBytes(8));

        /// <summary>The row that the event is about, where a later event about it makes this one superfluous.</summary>
        public (string Table, string? Id)? Subject => Kind switch
        {
            _ when Ord is not null => null,
            EventKinds.Thread => ("threads", null),
            EventKinds.Deleted => ("deleted", null),
            EventKinds.Run => ("runs", SubjectId),
            EventKinds.Permission => ("permissions", SubjectId),
            EventKinds.RequestedToolCall or "tool_call" or "tool_call_update" when SubjectId is not null => ("tool_calls", SubjectId),
            "plan" => ("plan", null),
            EventKinds.Session or "current_mode_update" or "available_commands_update" or "config_option_update" or "usage_update" => ("state", null),
            _ => null,
        };
    }
}
