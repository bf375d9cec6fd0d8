using System.CommandLine;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex rename</c>: another title for a thread.</summary>
internal static class RenameVerb
{
    public static Command Create()
    {
        var thread = CommonOptions.Thread();
        UnknownOptions.Refuse(thread);
        var title = new Argument<string[]>("title") { Description = "The new title. Several words need no quotes.", HelpName = "TITLE", Arity = ArgumentArity.OneOrMore };
        UnknownOptions.Refuse(title);
        var json = CommonOptions.Json("the thread with all its fields, as it is then");
        var database = ServerArguments.Database();
        var verb = new Command("rename", """
            Give a thread another title. It stays, whatever the agent would call the thread later. Where no
            server runs on the database, one is started for this and ends with it.
            """)
        {
            thread,
            title,
            json,
            database,
        };
        verb.Validators.Add(result =>
        {
            if (result.Errors.Any()) return;
            if (Title(result.GetValue(title)!).Length == 0) result.AddError("a title has more than blanks in it");
        });
        verb.SetAction((parsed, cancellationToken) => RenameAsync(
            parsed.GetValue(database), parsed.GetValue(thread)!, Title(parsed.GetValue(title)!), parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static string Title(string[] words) => string.Join(' ', words).Trim();

    private static async Task<int> RenameAsync(string? database, string wanted, string title, bool json, CancellationToken cancellationToken)
    {
        await using var link = await ThreadsLink.OpenAsync(database, cancellationToken);
        var before = await ThreadRows.FindAsync(link.Server, wanted, cancellationToken);
        var row = await ThreadRows.UpdateAsync(link.Server, before.Text("id")!, new JsonObject { ["title"] = title }, cancellationToken);
        if (json) JsonLines.Print(row);
        else Console.WriteLine($"Renamed '{ThreadRows.Title(before)}' to '{ThreadRows.Title(row)}'.");
        return 0;
    }
}
