using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex archive</c>: threads out of the list, and back.</summary>
internal static class ArchiveVerb
{
    public static Command Create()
    {
        var threads = CommonOptions.Threads();
        UnknownOptions.Refuse(threads);
        var undo = new Option<bool>("--undo") { Description = "Bring them back into the list. 'last' is then the one that was archived last." };
        var json = CommonOptions.Json("a thread a line, with all its fields, as it is then");
        var database = ServerArguments.Database();
        var verb = new Command("archive", """
            Take threads out of the list. Nothing of them is lost: 'threads --archived' still lists them, and
            show, search, export and run find them as before. Where no server runs on the database, one is
            started for this and ends with it.
            """)
        {
            threads,
            undo,
            json,
            database,
        };
        verb.SetAction((parsed, cancellationToken) => ArchiveAsync(
            parsed.GetValue(database), parsed.GetValue(threads)!, !parsed.GetValue(undo), parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> ArchiveAsync(string? database, string[] wanted, bool archived, bool json, CancellationToken cancellationToken)
    {
        await using var link = await ThreadsLink.OpenAsync(database, cancellationToken);
        foreach (var before in await ThreadRows.FindAllAsync(link.Server, wanted, lastIsArchived: !archived, cancellationToken))
        {
            var isNews = before.Is("archived") != archived;
            // One that is as it shall be is left alone: a change would make it the newest.
            var row = isNews ? await ThreadRows.UpdateAsync(link.Server, before.Text("id")!, new JsonObject { ["archived"] = archived }, cancellationToken) : before;
            if (json) JsonLines.Print(row);
            else Console.WriteLine(Came(row, isNews, DataDirectory.Arguments(link.Server.Database)));
        }

        return 0;
    }

    private static string Came(JsonElement row, bool isNews, string where) => (row.Is("archived"), isNews) switch
    {
        (true, true) => $"Archived '{ThreadRows.Title(row)}'. Back with: tinyvex archive --undo{where} {Printable.Line(row.Text("id")!)}",
        (true, false) => $"'{ThreadRows.Title(row)}' is archived already.",
        (false, true) => $"'{ThreadRows.Title(row)}' is listed again.",
        (false, false) => $"'{ThreadRows.Title(row)}' is not archived.",
    };
}
