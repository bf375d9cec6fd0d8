namespace Tinyvex.Storage;

/// <summary>SQL of the log, <c>acp_events</c>. Ids are given out by the writer, without a hole and never twice.</summary>
internal static class EventLog
{
    public const string Append = """
        INSERT INTO acp_events(id, threadId, ts, updateKind, ord, seq, textLen, subject, sessionId, raw_json)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    public const string Last = "SELECT coalesce(max(id), 0) FROM acp_events";

    /// <summary>The chunks of one message after an event, oldest first.</summary>
    public const string ChunksAfter = """
        SELECT id, seq, textLen, updateKind, raw_json FROM acp_events
        WHERE threadId = ?1 AND id > ?2 AND ord = ?3 AND raw_json IS NOT NULL ORDER BY id
        """;

    private const string Columns = "id, threadId, ts, updateKind, ord, seq, textLen, subject, raw_json";

    public const string After = $"SELECT {Columns} FROM acp_events WHERE id > ?1 ORDER BY id LIMIT ?2";

    public const string AfterInThread = $"SELECT {Columns} FROM acp_events WHERE threadId = ?3 AND id > ?1 ORDER BY id LIMIT ?2";

    /// <summary>The agent's updates of a thread after an event, oldest first.</summary>
    public const string Updates = """
        SELECT id, ts, updateKind, raw_json FROM acp_events
        WHERE threadId = ?1 AND id > ?2 AND raw_json IS NOT NULL AND updateKind NOT GLOB 'tvx.*' ORDER BY id LIMIT ?3
        """;
}
