using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>All entries of a thread's timeline, oldest first, each whole.</summary>
internal static class Timeline
{
    /// <summary>Entries of a page. The server ends one at 4 MiB too, so a long thread is never held whole here.</summary>
    private const int PageSize = 200;

    /// <remarks>
    /// Pages lead from the newest back, so their names are gathered first. The newest page is kept from then: what comes later would
    /// move its beginning.
    /// </remarks>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(ServerLink link, string threadId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var newest = await PageAsync(link, threadId, null, cancellationToken);
        var older = new Stack<string>();
        for (var page = newest.Text("nextPage"); page is not null; page = (await PageAsync(link, threadId, page, cancellationToken)).Text("nextPage")) older.Push(page);
        foreach (var page in older)
        {
            foreach (var entry in (await PageAsync(link, threadId, page, cancellationToken)).Items("rows")) yield return await WholeAsync(link, threadId, entry, cancellationToken);
        }

        foreach (var entry in newest.Items("rows")) yield return await WholeAsync(link, threadId, entry, cancellationToken);
    }

    /// <summary>Puts what the agent asked, rows of permissions and elicitations in their order, in between the entries of a timeline.</summary>
    public static async IAsyncEnumerable<JsonElement> WithRequestsAsync(IAsyncEnumerable<JsonElement> entries, IEnumerable<JsonElement> asked)
    {
        var waiting = new Queue<JsonElement>(asked.OrderBy(row => row.Number("order")));
        await foreach (var entry in entries)
        {
            while (waiting.TryPeek(out var next) && next.Number("order") < entry.GetProperty("row").Number("order")) yield return Entry(waiting.Dequeue());
            yield return entry;
        }

        foreach (var rest in waiting) yield return Entry(rest);
    }

    private static JsonElement Entry(JsonElement asked)
    {
        using var document = JsonDocument.Parse($"{{\"kind\":\"{(asked.TryGetProperty("request", out _) ? "elicitation" : "permission")}\",\"row\":{asked.GetRawText()}}}", JsonText.DocumentOptions);
        return document.RootElement.Clone();
    }

    private static Task<JsonElement> PageAsync(ServerLink link, string threadId, string? page, CancellationToken cancellationToken) =>
        link.QueryAsync("timeline.list", new JsonObject { ["threadId"] = threadId, ["limit"] = PageSize, ["page"] = page }, cancellationToken);

    /// <summary>Lists cut large fields; of messages, tool calls and terminals the whole can be had.</summary>
    private static async Task<JsonElement> WholeAsync(ServerLink link, string threadId, JsonElement entry, CancellationToken cancellationToken)
    {
        var row = entry.GetProperty("row");
        var kind = entry.Text("kind");
        if (!row.Is("truncated") || kind is not ("message" or "tool_call" or "terminal")) return entry;
        var (query, field) = kind switch
        {
            "message" => ("messages.get", "itemId"),
            "tool_call" => ("tool_calls.get", "toolCallId"),
            _ => ("terminals.get", "terminalId"),
        };
        var whole = await link.QueryAsync(query, new JsonObject { ["threadId"] = threadId, [field] = row.Text(field) }, cancellationToken);
        using var document = JsonDocument.Parse($"{{\"kind\":\"{kind}\",\"row\":{whole.GetProperty("rows")[0].GetRawText()}}}");
        return document.RootElement.Clone();
    }
}
