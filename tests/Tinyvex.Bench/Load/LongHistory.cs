using Tinyvex.Storage;

namespace Tinyvex.Bench.Load;

/// <summary>Databases of somebody who has used it for years, filled with plain SQL.</summary>
internal static class LongHistory
{
    /// <summary>The thread that has the messages.</summary>
    public const string ThreadId = "long";

    private const int VocabularySize = 20_000;

    /// <summary>Words of a message: a paragraph.</summary>
    private const int WordsOfMessage = 60;

    private static readonly string[] Vocabulary = [.. Enumerable.Range(0, VocabularySize).Select(i => "w" + Convert.ToString(i, 8))];

    /// <summary>The word that stands in most messages, one of the middle, and one of few.</summary>
    public static string Common => Vocabulary[0];

    public static string Middle => Vocabulary[50];

    public static string Rare => Vocabulary[VocabularySize / 2];

    /// <summary>Many threads, and one with as many messages, every fourth of whose places is a tool call.</summary>
    public static async Task FillAsync(string path, int threads, int messages)
    {
        await using var store = Store.Open(path, TimeProvider.System);
        using var writer = store.Writer;
        writer.Execute($"""
            BEGIN;
            INSERT INTO threads(id, title, createdAt, updatedAt, messageCount, lastOrd)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {threads})
            SELECT CASE i WHEN 1 THEN '{ThreadId}' ELSE printf('thread-%08d', i) END, 'A title of usual length ' || i, i, i, 2, 4 FROM n;
            INSERT INTO messages(threadId, itemId, ord, role, kind, text, partial, seq, textLen, foldedTo, ts, createdAt, updatedAt)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages})
            SELECT '{ThreadId}', printf('%032x', i), i + (i - 1) / 3, 'assistant', 'message', 'A message as short as many of them are, number ' || i, 0, 1, 50, 0, i, i, i FROM n;
            INSERT INTO acp_tool_calls(threadId, toolCallId, ord, title, kind, status, createdAt, updatedAt)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages / 3})
            SELECT '{ThreadId}', 'call-' || i, i * 4, 'Read a file', 'read', 'completed', i, i FROM n;
            COMMIT
            """);
    }

    /// <summary>Messages to search, of words as unevenly common as those of a language, in a hundred threads.</summary>
    public static async Task FillToSearchAsync(string path, int messages)
    {
        await using var store = Store.Open(path, TimeProvider.System);
        using var writer = store.Writer;
        var random = new Random(1);
        writer.Execute("BEGIN");
        var insert = writer.Get("""
            INSERT INTO messages(id, threadId, itemId, ord, role, kind, text, partial, seq, textLen, foldedTo, ts, createdAt, updatedAt)
            VALUES (?1, ?2, ?3, ?1, 'assistant', 'message', ?4, 0, 1, ?5, 0, ?1, ?1, ?1)
            """);
        for (var thread = 0; thread < 100; thread++)
        {
            writer.Execute($"INSERT INTO threads(id, title, createdAt, updatedAt) VALUES ('{ThreadId}-{thread}', 'A title', {thread}, {thread})");
        }

        for (var i = 1; i <= messages; i++)
        {
            var text = Text(random, WordsOfMessage);
            insert.Bind(1, i).Bind(2, $"{ThreadId}-{i % 100}").Bind(3, $"item-{i}").Bind(4, text).Bind(5, text.Length).Run();
        }

        SearchIndex.Fill(writer);
        writer.Execute("COMMIT");
    }

    /// <summary>Words, each as common as its place in the vocabulary has it (Zipf).</summary>
    public static string Text(Random random, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => Vocabulary[(int)Math.Pow(VocabularySize, random.NextDouble()) - 1]));
}
