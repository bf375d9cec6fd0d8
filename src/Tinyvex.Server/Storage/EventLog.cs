namespace Tinyvex.Storage;

/// <summary>
/// SQL of the log, <c>acp_events</c>. Ids are given out by the writer, without a hole and never twice. Events that were merged leave holes, and so does
/// a thread that was deleted.
/// </summary>
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

    /// <summary>That the thread <c>?1</c> exists.</summary>
    public const string ThreadIsThere = "EXISTS (SELECT 1 FROM threads WHERE threads.id = ?1)";

    private const string Columns = "id, threadId, ts, updateKind, ord, seq, textLen, subject, raw_json, boundaries";

    public const string Range = $"SELECT {Columns} FROM acp_events WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

    public const string RangeInThread = $"SELECT {Columns} FROM acp_events WHERE threadId = ?4 AND id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

    /// <summary>Of what is sparse in the log, by an index of its own: few events among very many.</summary>
    public const string SparseRange = $"SELECT {Columns} FROM acp_events WHERE {IsSparse} AND id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

    /// <summary>The condition of the index <c>acp_events_sparse</c>, word for word.</summary>
    private const string IsSparse = "updateKind IN ('tvx.thread', 'tvx.deleted', 'tvx.run', 'tvx.permission', 'tvx.elicitation')";

    /// <summary>How many events follow one, counted up to a limit.</summary>
    public const string Count = "SELECT count(*) FROM (SELECT 1 FROM acp_events WHERE id > ?1 LIMIT ?2)";

    public const string CountInThread = "SELECT count(*) FROM (SELECT 1 FROM acp_events WHERE threadId = ?3 AND id > ?1 LIMIT ?2)";

    public const string CountSparse = $"SELECT count(*) FROM (SELECT 1 FROM acp_events WHERE {IsSparse} AND id > ?1 LIMIT ?2)";

    /// <summary>Merged events that end behind a place, up to another one.</summary>
    public const string MergedBehind = $"SELECT {Columns} FROM acp_events WHERE boundaries IS NOT NULL AND id > ?1 AND id <= ?2 ORDER BY id";

    /// <summary>The agent's updates of a thread after an event, oldest first.</summary>
    public const string Updates = $"""
        SELECT id, ts, updateKind, raw_json, boundaries, seq, textLen, ord FROM acp_events
        WHERE threadId = ?1 AND id > ?2 AND raw_json IS NOT NULL AND updateKind NOT GLOB 'tvx.*' AND {ThreadIsThere}
        ORDER BY id LIMIT ?3
        """;

    /// <summary>The same, with our own events among them.</summary>
    public const string All = $"""
        SELECT id, ts, updateKind, raw_json, boundaries, seq, textLen, ord, subject FROM acp_events
        WHERE threadId = ?1 AND id > ?2 AND {ThreadIsThere}
        ORDER BY id LIMIT ?3
        """;

    /// <summary>Ends of messages behind a place, as old as a time or older.</summary>
    public const string Finalized = """
        SELECT id, threadId, ord, seq FROM acp_events WHERE updateKind = 'tvx.finalize' AND id > ?1 AND ts <= ?2 ORDER BY id LIMIT ?3
        """;

    /// <summary>The last event before the first chunk of a message, given the message's end.</summary>
    public const string BeforeFirstChunk = """
        SELECT id - 1 FROM acp_events WHERE threadId = ?1 AND id < ?2 AND ord = ?3 AND seq = 1 ORDER BY id DESC LIMIT 1
        """;

    /// <summary>Events of a thread as they may be merged.</summary>
    public const string ToMerge = """
        SELECT id, ord, seq, textLen, sessionId, raw_json, boundaries FROM acp_events WHERE threadId = ?1 AND id > ?2 AND id < ?3 ORDER BY id LIMIT ?4
        """;

    /// <summary>Removes an event whose place a later one takes.</summary>
    public const string Remove = "DELETE FROM acp_events WHERE id = ?1";

    /// <summary>Has an event stand for others that came right before it in its thread.</summary>
    public const string Merge = "UPDATE acp_events SET raw_json = ?2, boundaries = ?3 WHERE id = ?1";

    public const string RemoveMerged = "DELETE FROM acp_events WHERE threadId = ?1 AND id >= ?2 AND id < ?3";
}
