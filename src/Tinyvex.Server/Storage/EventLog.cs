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

    public const string Range = $"SELECT {Columns} FROM acp_events WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

    public const string RangeInThread = $"SELECT {Columns} FROM acp_events WHERE threadId = ?4 AND id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

    /// <summary>Of what is sparse in the log, by an index of its own: few events among very many.</summary>
    public const string SparseRange = $"SELECT {Columns} FROM acp_events WHERE {IsSparse} AND id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

    /// <summary>The condition of the index <c>acp_events_sparse</c>, word for word.</summary>
    private const string IsSparse = "updateKind IN ('tvx.thread', 'tvx.deleted', 'tvx.run', 'tvx.permission')";

    /// <summary>How many events follow one, counted up to a limit.</summary>
    public const string Count = "SELECT count(*) FROM (SELECT 1 FROM acp_events WHERE id > ?1 LIMIT ?2)";

    public const string CountInThread = "SELECT count(*) FROM (SELECT 1 FROM acp_events WHERE threadId = ?3 AND id > ?1 LIMIT ?2)";

    public const string CountSparse = $"SELECT count(*) FROM (SELECT 1 FROM acp_events WHERE {IsSparse} AND id > ?1 LIMIT ?2)";

    /// <summary>The agent's updates of a thread after an event, oldest first.</summary>
    public const string Updates = """
        SELECT id, ts, updateKind, raw_json FROM acp_events
        WHERE threadId = ?1 AND id > ?2 AND raw_json IS NOT NULL AND updateKind NOT GLOB 'tvx.*' ORDER BY id LIMIT ?3
        """;
}
