using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex threads</c>: the conversations, newest first.</summary>
internal static class ThreadsVerb
{
    private const int StatusColumn = 5;

    /// <summary>The status of a thread whose agent waits for a permission.</summary>
    private const string Asks = "asks";

    public static Command Create()
    {
        var limit = CommonOptions.Limit(20, "How many at most.");
        var archived = new Option<bool>("--archived") { Description = "With those that are archived." };
        var json = CommonOptions.Json("a thread a line, with all its fields");
        var database = ServerArguments.Database();
        var verb = new Command("threads", """
            List the threads, newest first. Where no server runs on the database, one is started for this
            and ends with it.
            """)
        {
            limit,
            archived,
            json,
            database,
        };
        verb.SetAction((parsed, cancellationToken) => ListAsync(
            parsed.GetValue(database), parsed.GetValue(limit)!.Value, parsed.GetValue(archived), parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> ListAsync(string? database, int limit, bool withArchived, bool json, CancellationToken cancellationToken)
    {
        await using var link = await ReadingLink.OpenAsync(database, cancellationToken);
        var rows = new List<JsonElement>();
        if (link is not null)
        {
            await foreach (var row in ThreadRows.ReadAsync(link.Server, withArchived, limit, cancellationToken))
            {
                if (json) JsonLines.Print(row);
                else rows.Add(row);
            }
        }

        if (json) return 0;
        if (rows.Count == 0)
        {
            Console.WriteLine("There is no thread yet. Make one with: tinyvex run \"Hello\"");
            return 0;
        }

        Print(rows, await StatusesAsync(link!.Server, cancellationToken));
        return 0;
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

    private static void Print(List<JsonElement> rows, Dictionary<string, string> statuses)
    {
        var ids = ThreadRows.Shorten(rows.Select(row => row.Text("id")!));
        var hasStatus = rows.Exists(row => statuses.ContainsKey(row.Text("id")!));
        var table = new Table(Screen.Output, flexible: 1, "ID", "TITLE", "AGENT", "MESSAGES", "UPDATED", hasStatus ? "STATUS" : "") { Dispensable = [2, 3, 4] };
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
                    0 => Screen.Output.Cyan(text),
                    StatusColumn => Screen.Output.OfStatus(status == Asks ? "pending" : status, text),
                    _ => text,
                });
        }

        table.Print();
    }
}
