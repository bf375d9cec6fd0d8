using Tinyvex.Storage;

namespace Tinyvex.Bench.Peers;

/// <summary>Holds a comparison honest: both sides must have written the same rows, but for times and made-up ids.</summary>
internal static class SameRows
{
    private static readonly string[] Contents =
    [
        "SELECT id, threadId, updateKind, ord, seq, textLen, raw_json FROM {0}.acp_events",
        "SELECT threadId, ord, role, kind, text, partial, seq, textLen, foldedTo, acpMessageId FROM {0}.messages",
        "SELECT id, source, title, messageCount, lastOrd FROM {0}.threads",
    ];

    /// <exception cref="InvalidOperationException">They differ, or are empty.</exception>
    public static void Require(string one, string other)
    {
        using var connection = StoreConnection.OpenWriter(one);
        connection.Execute($"ATTACH '{other}' AS other");
        foreach (var content in Contents)
        {
            var (mine, theirs) = (content.Replace("{0}", "main", StringComparison.Ordinal), content.Replace("{0}", "other", StringComparison.Ordinal));
            var rows = connection.Scalar($"SELECT count(*) FROM ({mine})");
            var more = connection.Scalar($"SELECT count(*) FROM ({mine} EXCEPT {theirs})");
            var less = connection.Scalar($"SELECT count(*) FROM ({theirs} EXCEPT {mine})");
            if (rows == 0 || more != 0 || less != 0)
            {
                throw new InvalidOperationException($"of {rows} rows {more} are missing in the peer's database and {less} in ours: {mine}");
            }
        }
    }
}
