namespace Tinyvex.Storage;

/// <summary>
/// Takes over a database of the original Tinyvex, which had six tables, no version number, later two more columns and a
/// <c>projects</c> table, and wrote tool ids, kinds and statuses in Rust's debug form.
/// </summary>
internal static class OriginalDatabase
{
    private static readonly string[] Tables = ["threads", "messages", "acp_events", "acp_tool_calls", "acp_plan", "acp_state"];

    /// <summary>Whether the tables and the columns that name a thread are the original's.</summary>
    public static bool IsOne(StoreConnection connection) => connection.Scalar("""
        SELECT (SELECT count(*) FROM sqlite_master
            WHERE type = 'table' AND name IN ('threads', 'messages', 'acp_events', 'acp_tool_calls', 'acp_plan', 'acp_state')) = 6
          AND (SELECT count(*) FROM pragma_table_info('threads') WHERE name IN ('threadId', 'resumeId', 'rolloutPath', 'updatedAt')) = 4
          AND (SELECT count(*) FROM pragma_table_info('acp_events') WHERE name = 'clientThreadDocId') = 1
        """) == 1;

    /// <summary>Moves all rows into the tables of <see cref="Schema"/>. To be called in a transaction.</summary>
    /// <remarks>
    /// Messages, tool calls and events may belong to threads that the original never gave a row; such a thread gets one, so that
    /// it can be listed. <c>projects</c> stays as it is: nothing here reads it, and it is the user's.
    /// </remarks>
    public static void Migrate(StoreConnection connection)
    {
        foreach (var table in Tables) connection.Execute($"ALTER TABLE {table} RENAME TO original_{table}");
        DropIndexes(connection);
        Schema.Upgrade(connection, version: 0);
        UnwrapToolCallIds(connection);
        var archived = HasColumn(connection, "archived") ? "coalesce(archived, 0)" : "0";
        var workingDirectory = HasColumn(connection, "workingDirectory") ? "workingDirectory" : "NULL";
        // Messages and tool calls get their order in the order of time, ties by the row that came first.
        connection.Execute($$"""
            INSERT INTO threads(id, title, titleSource, projectId, resumeId, rolloutPath, source, workingDirectory, archived, createdAt, updatedAt)
            SELECT id, title, CASE WHEN title = 'Thread' THEN 0 ELSE 3 END, projectId, resumeId, rolloutPath, source, {{workingDirectory}}, {{archived}} <> 0,
              createdAt, updatedAt
            FROM original_threads WHERE id IS NOT NULL;

            INSERT OR IGNORE INTO threads(id, createdAt, updatedAt)
            SELECT threadId, min(createdAt), max(coalesce(updatedAt, createdAt)) FROM (
              SELECT threadId, createdAt, updatedAt FROM original_messages
              UNION ALL SELECT threadId, createdAt, updatedAt FROM original_acp_tool_calls
              UNION ALL SELECT threadId, createdAt, updatedAt FROM original_acp_plan
              UNION ALL SELECT threadId, createdAt, updatedAt FROM original_acp_state
              UNION ALL SELECT coalesce(clientThreadDocId, sessionId), createdAt, updatedAt FROM original_acp_events)
            WHERE threadId IS NOT NULL GROUP BY threadId;

            CREATE TEMP TABLE ordering AS
            SELECT threadId, what, rowNumber, row_number() OVER (PARTITION BY threadId ORDER BY ts, what, rowNumber) AS ord FROM (
              SELECT threadId, 0 AS what, id AS rowNumber, ts FROM original_messages
              UNION ALL SELECT threadId, 1, rowid, createdAt FROM original_acp_tool_calls);
            CREATE UNIQUE INDEX temp.ordering_row ON ordering(what, rowNumber);

            INSERT INTO messages(id, threadId, itemId, ord, role, kind, text, partial, seq, textLen, foldedTo, ts, createdAt, updatedAt)
            SELECT m.id, m.threadId, coalesce(m.itemId, 'original:' || m.id), o.ord, m.role, m.kind, coalesce(m.text, ''), 0, max(coalesce(m.seq, 0), 0),
              length(CAST(coalesce(m.text, '') AS BLOB)), 0, m.ts, m.createdAt, coalesce(m.updatedAt, m.createdAt)
            FROM original_messages m JOIN temp.ordering o ON o.what = 0 AND o.rowNumber = m.id;

            INSERT INTO acp_tool_calls(threadId, toolCallId, ord, title, kind, status, content_json, locations_json, createdAt, updatedAt)
            SELECT t.threadId, t.toolCallId, o.ord, t.title,
              CASE t.kind WHEN 'SwitchMode' THEN 'switch_mode' ELSE lower(t.kind) END,
              CASE t.status WHEN 'InProgress' THEN 'in_progress' ELSE lower(t.status) END,
              {{Json("coalesce(t.content_json, t.content)")}}, {{Json("coalesce(t.locations_json, t.locations)")}}, t.createdAt, t.updatedAt
            FROM original_acp_tool_calls t JOIN temp.ordering o ON o.what = 1 AND o.rowNumber = t.rowid;

            INSERT INTO acp_plan(threadId, entries_json, createdAt, updatedAt)
            SELECT threadId, coalesce({{Json("coalesce(entries_json, entries)")}}, '[]'), createdAt, updatedAt FROM original_acp_plan;

            INSERT INTO acp_state(threadId, currentModeId, available_commands_json, createdAt, updatedAt)
            SELECT threadId, currentModeId, {{Json("coalesce(available_commands_json, available_commands)")}}, createdAt, updatedAt FROM original_acp_state;

            INSERT INTO acp_events(id, threadId, ts, updateKind, subject, sessionId, raw_json)
            SELECT id, coalesce(clientThreadDocId, sessionId, ''), ts, updateKind, toolCallId, sessionId,
              coalesce({{Json("raw_json")}}, json_object('sessionUpdate', updateKind, 'text', text, 'toolCallId', toolCallId))
            FROM original_acp_events;

            UPDATE threads SET
              messageCount = (SELECT count(*) FROM messages WHERE threadId = threads.id),
              lastMessageTs = (SELECT max(ts) FROM messages WHERE threadId = threads.id),
              lastOrd = coalesce((SELECT max(ord) FROM temp.ordering WHERE threadId = threads.id), 0);

            DROP TABLE temp.ordering;
            """);
        SearchIndex.Fill(connection);
        foreach (var table in Tables) connection.Execute($"DROP TABLE original_{table}");
    }

    /// <summary>Rows show stored JSON as it is, so what is none becomes nothing here; the backup has it.</summary>
    private static string Json(string value) => $"CASE WHEN json_valid({value}) THEN {value} END";

    /// <summary>Two calls of a thread may differ in the form alone; then the second keeps the form it has.</summary>
    private static void UnwrapToolCallIds(StoreConnection connection)
    {
        var wrapped = new List<(long Row, string Id)>();
        var rows = connection.Get("SELECT rowid, toolCallId FROM original_acp_tool_calls WHERE toolCallId GLOB 'ToolCallId(\"*\")'");
        while (rows.Step()) wrapped.Add((rows.Int64(0), rows.Text(1)));
        foreach (var (row, id) in wrapped)
        {
            connection.Get("UPDATE OR IGNORE original_acp_tool_calls SET toolCallId = ?2 WHERE rowid = ?1")
                .Bind(1, row).Bind(2, RustDebug.Unwrap(id["ToolCallId(\"".Length..^2])).Run();
        }
    }

    private static bool HasColumn(StoreConnection connection, string column) =>
        connection.Scalar($"SELECT count(*) FROM pragma_table_info('original_threads') WHERE name = '{column}'") > 0;

    /// <summary>Indexes follow their renamed table and would take the names of the new ones.</summary>
    private static void DropIndexes(StoreConnection connection)
    {
        var names = new List<string>();
        var rows = connection.Get("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name GLOB 'original_*'");
        while (rows.Step()) names.Add(rows.Text(0));
        foreach (var name in names) connection.Execute($"DROP INDEX \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }
}
