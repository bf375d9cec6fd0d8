using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>A thread as a server shows it, without what is another in each store: ids and times.</summary>
internal static class Conversation
{
    private static readonly string[] OfTheStore =
        ["id", "threadId", "itemId", "order", "ts", "createdAt", "updatedAt", "seq", "runId", "requestId", "startedAt", "finishedAt", "answeredAt", "lastMessageTs", "cursor"];

    /// <summary>All that happened in it, in its order, a line each; then its own row, its state and its plan.</summary>
    public static async Task<string> OfAsync(TestClient client, string threadId)
    {
        var happened = new List<(long Order, string Line)>();
        foreach (var entry in await RowsAsync("timeline.list")) Add(entry.Text("kind"), entry.GetProperty("row"));
        foreach (var asked in await RowsAsync("permissions.list")) Add("permission", asked);
        foreach (var asked in await RowsAsync("elicitations.list")) Add("elicitation", asked);
        var lines = happened.OrderBy(line => line.Order).Select(line => line.Line).ToList();
        foreach (var query in (string[])["threads.get", "state.get", "plan.get"]) lines.AddRange((await client.RowsAsync(query, threadId)).Select(row => $"{query} {Bare(row)}"));
        return lines.Lines();

        void Add(string kind, JsonElement row) => happened.Add((row.Number("order"), $"{kind} {Bare(row)}"));

        async Task<JsonElement[]> RowsAsync(string query) => await client.RowsAsync(query, threadId, ",\"whole\":true");
    }

    private static string Bare(JsonElement row) =>
        row.EnumerateObject().Where(field => !OfTheStore.Contains(field.Name)).Select(field => $"{field.Name}={field.Value.GetRawText()}").Order(StringComparer.Ordinal).Aggregate("", (all, field) => all + " " + field);
}
