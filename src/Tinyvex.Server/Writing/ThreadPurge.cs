using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>
/// Removes the rows of a thread that was deleted, so many at a time that no other write waits long. What is to be removed stands in the table
/// <c>purges</c>, so that a new start goes on with it.
/// </summary>
internal static class ThreadPurge
{
    /// <summary>Rows of a table that one step removes, each from all of its indexes: some milliseconds.</summary>
    private const int Rows = 128;

    /// <summary>Bytes that one step removes; a single row may exceed it. Every page of a large value is looked at.</summary>
    private const long Bytes = 1024 * 1024;

    public const string Begin = "INSERT OR REPLACE INTO purges(threadId, eventId) VALUES (?1, ?2)";

    public const string Next = "SELECT threadId, eventId FROM purges WHERE rowsGone = 0 ORDER BY eventId LIMIT 1";

    /// <summary>A thread's deletion of which rows are left.</summary>
    public const string Find = "SELECT eventId FROM purges WHERE threadId = ?1 AND rowsGone = 0";

    public const string Forget = "DELETE FROM purges WHERE rowsGone = 1 AND eventId <= ?1";

    private const string End = "UPDATE purges SET rowsGone = 1 WHERE threadId = ?1";

    private static readonly (string Find, string Remove, string? Unindex)[] Tables =
    [
        ("SELECT id, coalesce(octet_length(raw_json), 0) FROM acp_events WHERE threadId = ?1 AND id < ?2 ORDER BY id LIMIT ?3",
            "DELETE FROM acp_events WHERE id = ?1", null),
        ("SELECT id, octet_length(text) + coalesce(octet_length(blocks_json), 0) FROM messages WHERE threadId = ?1 ORDER BY ord LIMIT ?3",
            "DELETE FROM messages WHERE id = ?1", SearchIndex.Remove),
        ("""
            SELECT rowid, coalesce(octet_length(content_json), 0) + coalesce(octet_length(rawInput_json), 0) + coalesce(octet_length(rawOutput_json), 0)
            FROM acp_tool_calls WHERE threadId = ?1 ORDER BY ord LIMIT ?3
            """,
            "DELETE FROM acp_tool_calls WHERE rowid = ?1", null),
        ("SELECT rowid, octet_length(text) FROM terminal_output WHERE threadId = ?1 LIMIT ?3", "DELETE FROM terminal_output WHERE rowid = ?1", null),
    ];

    /// <summary>Removes some rows; false when none is left.</summary>
    /// <param name="deletion">The event that tells of the deletion, which stays.</param>
    public static bool Step(StoreConnection store, string threadId, long deletion)
    {
        var budget = Bytes;
        var left = Rows;
        foreach (var (find, remove, unindex) in Tables)
        {
            foreach (var row in Some(store, find, threadId, deletion, left, ref budget))
            {
                if (unindex is not null) store.Get(unindex).Bind(1, row).Run();
                store.Get(remove).Bind(1, row).Run();
                left--;
            }

            if (left <= 0 || budget <= 0) return true;
        }

        store.Get(End).Bind(1, threadId).Run();
        return false;
    }

    private static List<long> Some(StoreConnection store, string find, string threadId, long deletion, int limit, ref long budget)
    {
        var found = new List<long>();
        var rows = store.Get(find).Bind(1, threadId).Bind(2, deletion).Bind(3, limit);
        while (rows.Step())
        {
            found.Add(rows.Int64(0));
            budget -= rows.Int64(1);
            if (budget > 0) continue;
            rows.Reset();
            break;
        }

        return found;
    }
}
