using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>A thread as one JSON object: its rows as the protocol has them, whole. What comes first is small; the timeline is last, so that it can be streamed.</summary>
internal static class JsonExport
{
    public const int Version = 1;

    /// <summary>The field that is as long as the conversation.</summary>
    public const string Streamed = "timeline";

    public static async Task WriteAsync(StoredThread thread, TextWriter output)
    {
        output.Write($"{{\"type\":\"tinyvex.thread\",\"version\":{Version},\n\"thread\":{Json(thread.Row)},\n\"plan\":{Json(await thread.OneAsync("plan.get"))},\n\"state\":{Json(await thread.OneAsync("state.get"))},\n");
        Write(output, "permissions", await thread.PermissionsAsync());
        Write(output, "elicitations", await thread.ElicitationsAsync());
        output.Write($"\"{Streamed}\":[");
        var separator = "";
        await foreach (var entry in thread.TimelineAsync())
        {
            output.Write(separator + "\n" + Json(entry));
            separator = ",";
        }

        output.Write("]}\n");
    }

    private static void Write(TextWriter output, string name, IEnumerable<JsonElement> rows) =>
        output.Write($"\"{name}\":[{string.Join(',', rows.Select(row => "\n" + Json(row)))}],\n");

    private static string Json(JsonElement? value) => value is { } given ? JsonLines.Safe(given.GetRawText()) : "null";
}
