using System.CommandLine;
using System.Text.Json;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex threads</c>: the conversations, newest first.</summary>
internal static class ThreadsVerb
{
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
        await using var link = await ThreadsLink.TryOpenAsync(database, cancellationToken);
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
        if (rows.Count > 0) await ThreadTable.PrintAsync(Screen.Output, link!.Server, rows, cancellationToken);
        else Console.WriteLine(link is null ? ThreadRows.NoneYet(ServerArguments.DatabaseOf(database)) : await ThreadRows.NoneListedAsync(link.Server, cancellationToken));
        return 0;
    }
}
