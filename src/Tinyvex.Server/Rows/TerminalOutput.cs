using System.Buffers;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>
/// What a terminal has printed, as far as it is kept: a row of <c>terminal_output</c> for each some KiB of it, so that what is printed costs what it
/// weighs, and what is older than the limit goes without the rest being written anew. Places are counted in bytes of all that was ever printed.
/// </summary>
internal static class TerminalOutput
{
    /// <summary>A row is added to until it has this many bytes: each time it is written as a whole. Characters may be cut between two.</summary>
    private const int PieceBytes = 16 * 1024;

    private const string Last = """
        SELECT start, octet_length(text) FROM terminal_output WHERE threadId = ?1 AND terminalId = ?2 ORDER BY start DESC LIMIT 1
        """;

    private const string Insert = "INSERT INTO terminal_output(threadId, terminalId, start, text) VALUES (?1, ?2, ?3, ?4)";

    private const string Extend = "UPDATE terminal_output SET text = text || ?4 WHERE threadId = ?1 AND terminalId = ?2 AND start = ?3";

    private const string RemoveAll = "DELETE FROM terminal_output WHERE threadId = ?1 AND terminalId = ?2";

    /// <summary>Rows that lie before a place as a whole: they are in order, so the one that holds the place is the last that begins before it.</summary>
    private const string RemoveBefore = """
        DELETE FROM terminal_output WHERE threadId = ?1 AND terminalId = ?2 AND start < (
          SELECT max(start) FROM terminal_output WHERE threadId = ?1 AND terminalId = ?2 AND start <= ?3)
        """;

    /// <summary>Rows from the one on that holds a place.</summary>
    private const string From = """
        SELECT start, text FROM terminal_output WHERE threadId = ?1 AND terminalId = ?2 AND start >= coalesce((
          SELECT max(start) FROM terminal_output WHERE threadId = ?1 AND terminalId = ?2 AND start <= ?3), 0)
        ORDER BY start
        """;

    /// <summary>Adds what was printed from a place on.</summary>
    /// <param name="before">Up to where it was kept until now; where that is another place, nothing of it is kept any longer.</param>
    public static void Append(StoreConnection store, string threadId, string terminalId, long before, long from, ReadOnlySpan<byte> text)
    {
        if (before != from)
        {
            store.Get(RemoveAll).Bind(1, threadId).Bind(2, terminalId).Run();
        }
        else if (store.Get(Last).Bind(1, threadId).Bind(2, terminalId) is var last && last.Step())
        {
            var (start, length) = (last.Int64(0), last.Int32(1));
            last.Reset();
            var added = text[..Math.Clamp(PieceBytes - length, 0, text.Length)];
            if (!added.IsEmpty) Put(Extend, start, added);
            from += added.Length;
            text = text[added.Length..];
        }

        for (; !text.IsEmpty; from += PieceBytes)
        {
            var piece = text[..Math.Min(PieceBytes, text.Length)];
            Put(Insert, from, piece);
            text = text[piece.Length..];
        }

        void Put(string sql, long start, ReadOnlySpan<byte> piece) =>
            store.Get(sql).Bind(1, threadId).Bind(2, terminalId).Bind(3, start).BindText(4, piece).Run();
    }

    /// <summary>Lets go of what lies before a place, but for what shares a row with what is kept.</summary>
    public static void Drop(StoreConnection store, string threadId, string terminalId, long before) =>
        store.Get(RemoveBefore).Bind(1, threadId).Bind(2, terminalId).Bind(3, before).Run();

    /// <summary>The text from a place on, which lies between two characters.</summary>
    public static ReadOnlyMemory<byte> Read(StoreConnection store, string threadId, string terminalId, long from)
    {
        var text = new ArrayBufferWriter<byte>();
        var rows = store.Get(From).Bind(1, threadId).Bind(2, terminalId).Bind(3, from);
        while (rows.Step())
        {
            var piece = rows.Utf8(1);
            text.Write(piece[(int)Math.Clamp(from - rows.Int64(0), 0, piece.Length)..]);
        }

        return text.WrittenMemory;
    }
}
