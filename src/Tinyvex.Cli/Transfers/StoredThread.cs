using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>A thread of a server, read whole: no field is cut.</summary>
internal sealed class StoredThread(ServerLink link, JsonElement row, CancellationToken cancellationToken)
{
    /// <summary>Rows of a page. The server ends one at 4 MiB too.</summary>
    private const int PageSize = 500;

    public string Id { get; } = row.Text("id")!;

    public JsonElement Row { get; } = row;

    /// <summary>The timeline, oldest first.</summary>
    public async IAsyncEnumerable<JsonElement> TimelineAsync()
    {
        // Pages lead from the newest back, so their names are gathered first; the newest is kept from then.
        var newest = await PageAsync("timeline.list", null);
        var older = new Stack<string>();
        for (var page = newest.Text("nextPage"); page is not null; page = (await PageAsync("timeline.list", page)).Text("nextPage")) older.Push(page);
        foreach (var page in older)
        {
            foreach (var entry in (await PageAsync("timeline.list", page)).Items("rows")) yield return entry;
        }

        foreach (var entry in newest.Items("rows")) yield return entry;
    }

    /// <summary>The same, with what the agent asked in between, as entries of the kinds <c>permission</c> and <c>elicitation</c>.</summary>
    public async IAsyncEnumerable<JsonElement> ConversationAsync()
    {
        var waiting = new Queue<JsonElement>((await RequestsAsync()).OrderBy(row => row.Number("order")));
        await foreach (var entry in TimelineAsync())
        {
            while (waiting.TryPeek(out var next) && next.Number("order") < entry.GetProperty("row").Number("order")) yield return Entry(waiting.Dequeue());
            yield return entry;
        }

        foreach (var rest in waiting) yield return Entry(rest);
    }

    /// <summary>The log, with our own events, oldest first.</summary>
    public IAsyncEnumerable<JsonElement> EventsAsync() => RowsAsync("log.list");

    public IAsyncEnumerable<JsonElement> RunsAsync() => RowsAsync("runs.list");

    public Task<List<JsonElement>> PermissionsAsync() => InOrderAsync("permissions.list");

    public Task<List<JsonElement>> ElicitationsAsync() => InOrderAsync("elicitations.list");

    /// <summary>Both, which the timeline does not hold.</summary>
    public async Task<List<JsonElement>> RequestsAsync() => [.. await PermissionsAsync(), .. await ElicitationsAsync()];

    public async Task<JsonElement?> OneAsync(string query) =>
        (await link.QueryAsync(query, new JsonObject { ["threadId"] = Id }, cancellationToken)).Items("rows").Cast<JsonElement?>().FirstOrDefault();

    private async Task<List<JsonElement>> InOrderAsync(string query)
    {
        var rows = new List<JsonElement>();
        await foreach (var asked in RowsAsync(query)) rows.Add(asked);
        rows.Sort((one, other) => (one.Number("order") ?? 0).CompareTo(other.Number("order") ?? 0));
        return rows;
    }

    private static JsonElement Entry(JsonElement asked)
    {
        using var document = JsonDocument.Parse($"{{\"kind\":\"{(asked.TryGetProperty("request", out _) ? "elicitation" : "permission")}\",\"row\":{asked.GetRawText()}}}", JsonText.DocumentOptions);
        return document.RootElement.Clone();
    }

    private async IAsyncEnumerable<JsonElement> RowsAsync(string query)
    {
        for (string? page = null; ;)
        {
            var answer = await PageAsync(query, page);
            foreach (var row in answer.Items("rows")) yield return row;
            page = answer.Text("nextPage");
            if (page is null) yield break;
        }
    }

    private Task<JsonElement> PageAsync(string query, string? page)
    {
        var args = new JsonObject { ["threadId"] = Id, ["limit"] = PageSize, ["page"] = page, ["whole"] = true };
        return link.QueryAsync(query, args, cancellationToken);
    }
}
