using System.Runtime.InteropServices;

namespace Tinyvex.Storage;

/// <summary>
/// The full-text index of messages, <c>message_search</c>. A message enters it once, when it is final, in the transaction that makes it
/// so. It holds words and where they stand, not the text: that is in <c>messages</c>, under the same number.
/// </summary>
internal static class SearchIndex
{
    /// <summary>
    /// Bytes of a message that are indexed: some 20,000 words, which take up to 10 ms. So no commit is held up for longer by however long
    /// a message.
    /// </summary>
    public const int MaxTextBytes = 128 * 1024;

    /// <summary>
    /// Matches that are ranked, the newest: some milliseconds' work. Of a word that stands in more messages nobody reads the ten thousandth.
    /// </summary>
    public const int MaxRanked = 10_000;

    /// <summary>The column of the text; the other one is of the thread.</summary>
    public const int TextColumn = 0;

    /// <summary>
    /// What words are made of: letters, digits, and the marks that belong to them. Without marks, which are the vowels of Indic scripts,
    /// their words would fall apart.
    /// </summary>
    public static ReadOnlySpan<byte> WordCategories => "L* N* Co M*"u8;

    /// <summary>
    /// Pages that each message has merged: parts of the index pile up otherwise, or are merged hundreds of pages at once, which is what FTS5 does
    /// by itself and takes 20 ms. A message makes a page or two, which over the years is written again once for each of a handful of levels.
    /// </summary>
    private const int MergedPages = 16;

    /// <summary>Bytes of a longer message for which one page more is merged.</summary>
    private const int BytesOfMergedPage = 2 * 1024;

    /// <summary>The thread is a word too, so that a search in one thread reads none of the others.</summary>
    public const string Create = """
        CREATE VIRTUAL TABLE message_search USING fts5(
          text, thread, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
        INSERT INTO message_search(message_search, rank) VALUES ('automerge', 0);
        """;

    /// <summary>The matches up to a message, best first, behind a rank and a message.</summary>
    public const string Find = """
        SELECT id, rank, places FROM (
          SELECT rowid AS id, relevance(message_search) AS rank, places(message_search) AS places
          FROM message_search WHERE message_search MATCH ?1 AND rowid <= ?2 ORDER BY rowid DESC LIMIT ?3)
        WHERE (rank, id) < (?4, ?5) ORDER BY rank DESC, id DESC
        """;

    /// <summary>Takes a message out; to be run where its row is deleted.</summary>
    public const string Remove = "DELETE FROM message_search WHERE rowid = ?1";

    private const string Insert = "INSERT INTO message_search(rowid, text, thread) VALUES (?1, ?2, ?3)";

    /// <summary>Merges some parts of the index, so many pages of the work; where the number is negative, all parts into one.</summary>
    private const string Merge = "INSERT INTO message_search(message_search, rank) VALUES ('merge', ?1)";

    /// <summary>Adds a message that is final now.</summary>
    /// <param name="text">Its text, or the beginning of it.</param>
    public static void Add(StoreConnection connection, long messageId, string threadId, ReadOnlyMemory<byte> text)
    {
        if (text.Length == 0) return;
        text = Beginning(text);
        connection.Get(Insert).Bind(1, messageId).BindText(2, SearchText.Of(text).Spaced.Span).Bind(3, ThreadWord(threadId)).Run();
        connection.Get(Merge).Bind(1, MergedPages + (text.Length / BytesOfMergedPage)).Run();
    }

    /// <summary>The part of a message's text that is indexed, without reading the rest.</summary>
    public static ReadOnlyMemory<byte> Beginning(StoreConnection connection, long messageId) =>
        Beginning(connection.ReadBeginning("messages", "text", messageId, MaxTextBytes + 1));

    /// <summary>Adds all messages that are final. To be called in a transaction, on an index that is empty.</summary>
    public static void Fill(StoreConnection connection)
    {
        var rows = connection.Get("SELECT id, threadId FROM messages WHERE partial = 0 AND textLen > 0 ORDER BY id");
        while (rows.Step()) Add(connection, rows.Int64(0), rows.Text(1), Beginning(connection, rows.Int64(0)));
    }

    /// <summary>
    /// A part of the work that brings the words of removed messages out of the file: until then they stand in it, marked as gone. Answers
    /// false when there is none left.
    /// </summary>
    /// <param name="pages">Of 4 KB, to be written at most, but that the rows of one word are not parted.</param>
    /// <param name="begin">Takes all parts that there are now to be merged into one; what is indexed meanwhile is no more work.</param>
    public static bool Purge(StoreConnection connection, int pages, bool begin)
    {
        var before = connection.TotalChanges;
        connection.Get(Merge).Bind(1, begin ? -pages : pages).Run();
        // As FTS5 says it: below two changes nothing was done.
        return connection.TotalChanges - before >= 2;
    }

    /// <summary>
    /// The word of a thread: 64 bits of its id (FNV-1a), since an id may hold anything. Two threads of one word are told apart when the
    /// messages are read.
    /// </summary>
    public static string ThreadWord(string threadId)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in MemoryMarshal.AsBytes(threadId.AsSpan())) hash = (hash ^ b) * 1_099_511_628_211UL;
        return hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ReadOnlyMemory<byte> Beginning(ReadOnlyMemory<byte> text)
    {
        if (text.Length <= MaxTextBytes) return text;
        var end = MaxTextBytes;
        // Between two characters.
        while (end > 0 && (text.Span[end] & 0xC0) == 0x80) end--;
        return text[..end];
    }
}
