using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Threads as a table, a line each, with what is under way in them.</summary>
internal static class ThreadTable
{
    private const int StatusColumn = 5;

    /// <summary>The status of a thread whose agent waits for a permission.</summary>
    private const string Asks = "asks";

    public static async Task PrintAsync(Screen screen, ServerLink link, List<JsonElement> rows, CancellationToken cancellationToken)
    {
        var statuses = await StatusesAsync(link, cancellationToken);
        var ids = ThreadRows.Shorten(rows.Select(row => row.Text("id")!));
        var hasStatus = rows.Exists(row => statuses.ContainsKey(row.Text("id")!));
        var table = new Table(screen, flexible: 1, "ID", "TITLE", "AGENT", "MESSAGES", "UPDATED", hasStatus ? "STATUS" : "") { Dispensable = [2, 3, 4] };
        foreach (var row in rows)
        {
            var status = statuses.GetValueOrDefault(row.Text("id")!) ?? "";
            table.Add(
                [
                    ids[row.Text("id")!], ThreadRows.Title(row) + (row.Is("archived") ? " (archived)" : ""), row.Text("source") ?? "",
                    row.Number("messageCount")!.Value.ToString(CultureInfo.InvariantCulture), Moment.Ago(row.Number("updatedAt")!.Value, TimeProvider.System), status,
                ],
                (column, text) => column switch
                {
                    0 => screen.Cyan(text),
                    StatusColumn => screen.OfStatus(status == Asks ? "pending" : status, text),
                    _ => text,
                });
        }

        table.Print();
    }

    /// <summary>What is under way, by thread.</summary>
    private static async Task<Dictionary<string, string>> StatusesAsync(ServerLink link, CancellationToken cancellationToken)
    {
        var statuses = new Dictionary<string, string>(StringComparer.Ordinal);
        if (link.IsOwn) return statuses;
        // Newest first, so that those under way are among the first; old ones that are still queued are marked as soon as they run.
        foreach (var run in (await link.QueryAsync("runs.list", new JsonObject { ["limit"] = 1000 }, cancellationToken)).Items("rows"))
        {
            if (run.Text("status") == "running") statuses[run.Text("threadId")!] = "running";
        }

        var pending = new JsonObject { ["status"] = "pending", ["limit"] = 1000 };
        foreach (var permission in (await link.QueryAsync("permissions.list", pending, cancellationToken)).Items("rows"))
        {
            statuses[permission.Text("threadId")!] = Asks;
        }

        return statuses;
    }
}
