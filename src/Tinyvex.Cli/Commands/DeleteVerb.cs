using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Cli.Turns;
using Tinyvex.Protocol;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex delete</c>: threads out of the database, for good.</summary>
internal static class DeleteVerb
{
    public static Command Create()
    {
        var threads = CommonOptions.Threads();
        UnknownOptions.Refuse(threads);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask. Needed where there is no terminal to ask at." };
        var json = CommonOptions.Json("id, title and number of messages of each, a line, once it is gone");
        var database = ServerArguments.Database();
        var verb = new Command("delete", """
            Delete threads with all that was said and done in them, for everybody. It says what would go,
            and asks. What runs in them is cancelled. They cannot be got back: they leave the file soon
            after. Only a backup from before has them, or an export as json or acp. Files that agents
            changed stay as they are. Where no server runs on the database, one is started for this and
            ends with it. The exit code is 1 where the answer was no.
            """)
        {
            threads,
            yes,
            json,
            database,
        };
        verb.SetAction((parsed, _) => DeleteAsync(parsed.GetValue(database), parsed.GetValue(threads)!, parsed.GetValue(yes), parsed.GetValue(json)));
        return verb;
    }

    private static async Task<int> DeleteAsync(string? database, string[] wanted, bool yes, bool json)
    {
        using var stop = new StopSignal(withStdin: false);
        var deleted = 0;
        try
        {
            await using var link = await ThreadsLink.OpenAsync(database, stop.Token);
            var rows = await ThreadRows.FindAllAsync(link.Server, wanted, lastIsArchived: false, stop.Token);
            if (!yes && !await AskAsync(link.Server, rows, stop.Token))
            {
                await Console.Error.WriteLineAsync("Nothing was deleted.");
                return (int)ExitCode.InternalError;
            }

            foreach (var row in rows)
            {
                await link.Server.RequestAsync(new JsonObject { ["control"] = Controls.DeleteThread, ["threadId"] = row.Text("id") }, stop.Token);
                deleted++;
                if (json) JsonLines.Print(new JsonObject { ["threadId"] = row.Text("id"), ["title"] = row.Text("title"), ["messageCount"] = row.Number("messageCount"), ["deleted"] = true });
                else Console.WriteLine($"Deleted {Named(row)}.");
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"\ntinyvex: interrupted; {(deleted == 0 ? "nothing was" : Plural.Of(deleted, "thread") + (deleted == 1 ? " was" : " were"))} deleted.");
            return RunOutcome.Cancelled;
        }

        return 0;
    }

    private static async Task<bool> AskAsync(ServerLink link, List<JsonElement> rows, CancellationToken cancellationToken)
    {
        var what = rows is [var only] ? Named(only) : $"{Plural.Of(rows.Count, "thread")} with {Plural.Of(rows.Sum(row => row.Number("messageCount")!.Value), "message")}";
        if (!Question.CanBeAsked) throw new StartupException(ExitCode.WrongUsage, $"There is no terminal to ask at. Say --yes to delete {what} for good.");
        await ThreadTable.PrintAsync(Screen.Error, link, rows, cancellationToken);
        return await Question.AskAsync($"Delete {(rows.Count == 1 ? "it" : what)} for good? Only a backup or an export could bring {(rows.Count == 1 ? "it" : "them")} back.", cancellationToken);
    }

    private static string Named(JsonElement row) => $"'{ThreadRows.Title(row)}' with {Plural.Of(row.Number("messageCount")!.Value, "message")}";
}
