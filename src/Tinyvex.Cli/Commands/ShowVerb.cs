using System.CommandLine;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Terminal;
using Tinyvex.Cli.Transfers;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex show</c>: one conversation, whole.</summary>
internal static class ShowVerb
{
    public static Command Create()
    {
        var thread = CommonOptions.Thread();
        UnknownOptions.Refuse(thread);
        var json = CommonOptions.Json("an entry of the timeline a line, its fields whole");
        var markdown = new Option<bool>("--markdown") { Description = "Print a Markdown document." };
        var database = ServerArguments.Database();
        var verb = new Command("show", """
            Show a thread from its beginning: what was said, thought and done, with diffs, the plan, and how
            each run ended.
            """)
        {
            thread,
            markdown,
            json,
            database,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(markdown)) result.AddError("give --json or --markdown, not both");
        });
        verb.SetAction((parsed, cancellationToken) => ShowAsync(
            parsed.GetValue(database), parsed.GetValue(thread)!, parsed.GetValue(json), parsed.GetValue(markdown), cancellationToken));
        return verb;
    }

    private static async Task<int> ShowAsync(string? database, string wanted, bool json, bool markdown, CancellationToken cancellationToken)
    {
        await using var link = await ThreadsLink.OpenAsync(database, cancellationToken);
        var thread = await ThreadRows.FindAsync(link.Server, wanted, cancellationToken);
        var stored = new StoredThread(link.Server, thread, cancellationToken);
        if (json)
        {
            await foreach (var entry in stored.TimelineAsync()) JsonLines.Print(entry);
        }
        else
        {
            ConversationWriter writer = markdown
                ? new ConversationMarkdown(Screen.Output, TimeProvider.System)
                : new ConversationPrinter(Screen.Output, thread.Text("workingDirectory"), TimeProvider.System);
            writer.Begin(thread);
            await foreach (var entry in stored.ConversationAsync()) writer.Entry(entry);
            writer.End((await stored.OneAsync("plan.get"))?.GetProperty("entries"));
        }

        return 0;
    }
}
