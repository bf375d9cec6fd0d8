using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>Messages by the words in them, best first (docs/protocol.md, "Search").</summary>
internal static class SearchQueries
{
    private const string ListName = "search";

    /// <summary>Bytes of what is looked for: each word of it is looked up, and nobody types more than some sentences.</summary>
    public const int MaxTextBytes = 1024;

    private const string Newest = "SELECT coalesce(max(id), 0) FROM messages";

    public const string Message = """
        SELECT m.threadId, m.itemId, m.ord, m.role, m.kind, m.ts FROM messages m JOIN threads t ON t.id = m.threadId WHERE m.id = ?1
        """;

    public static void Search(StoreConnection store, Utf8JsonWriter json, string text, string? threadId, int limit, string? page)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxTextBytes) throw new TinyvexException(ErrorCode.TooLarge, $"'text' is longer than {MaxTextBytes} bytes");
        var from = page is null ? new PageToken(long.MaxValue) : PageToken.Decode(ListName, page);
        // All pages are of the messages that there were at the first one, so that new ones push none from one page to another.
        var newest = page is null ? store.Get(Newest).Number()!.Value
            : long.TryParse(from.Text, CultureInfo.InvariantCulture, out var first) ? first
            : throw PageToken.Bad(ListName);
        var expression = SearchExpression.Of(store.FullText, text, threadId)
            ?? throw TinyvexException.BadRequest("'text' holds no letter or digit; give a word to look for");
        var rows = store.Get(SearchIndex.Find)
            .Bind(1, expression).Bind(2, newest).Bind(3, SearchIndex.MaxRanked).Bind(4, from.First).Bind(5, from.Second);
        using var result = new RowPage();
        var next = result.Fill(rows, limit, rows =>
        {
            var (id, rank) = (rows.Int64(0), rows.Int64(1));
            var message = store.Get(Message).Bind(1, id);
            if (!message.Step()) return null;
            if (threadId is null || message.Utf8(0).SequenceEqual(Encoding.UTF8.GetBytes(threadId)))
            {
                var snippet = Snippet.Of(store.FullText, SearchIndex.Beginning(store, id), MemoryMarshal.Cast<byte, int>(rows.Utf8(2)));
                result.Add((message, rank, snippet), static (hit, json) => Write(hit.message, hit.rank, hit.snippet, json));
            }

            message.Reset();
            return new PageToken(rank, id, newest.ToString(CultureInfo.InvariantCulture));
        });
        result.Write(json, ListName, next);
    }

    private static void Write(Statement message, long rank, Snippet snippet, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("threadId"u8, message.Utf8(0));
        json.WriteString("itemId"u8, message.Utf8(1));
        json.WriteNumber("order"u8, message.Int64(2));
        if (message.IsNull(3)) json.WriteNull("role"u8);
        else json.WriteString("role"u8, message.Utf8(3));
        json.WriteString("kind"u8, message.Utf8(4));
        snippet.Write(json);
        json.WriteNumber("rank"u8, (double)rank / FullText.RankUnit);
        json.WriteNumber("ts"u8, message.Int64(5));
        json.WriteEndObject();
    }
}
