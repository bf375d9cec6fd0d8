using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex search</c>: messages by the words in them, best first.</summary>
internal static class SearchVerb
{
    /// <summary>What the server gives in one answer at most.</summary>
    private const int MaxPage = 1_000;

    public static Command Create()
    {
        var text = new Argument<string[]>("text")
        {
            Description = "Words that must all be there; the last may be the beginning of one. What stands between \" must be there as it stands.",
            HelpName = "TEXT",
            Arity = ArgumentArity.OneOrMore,
        };
        UnknownOptions.Refuse(text);
        var thread = new Option<string?>("--thread") { Description = $"In this thread alone, {CommonOptions.ThreadNames}.", HelpName = "THREAD" };
        var limit = CommonOptions.Limit(20, "How many at most.");
        var json = CommonOptions.Json("a message a line, with the part that was found and where in it");
        var database = ServerArguments.Database();
        var verb = new Command("search", """
            Search the messages of all threads, archived ones too, and show the best first. Works in any
            language; accents and capitals do not matter. A message is found once it is complete.
            """)
        {
            text,
            thread,
            limit,
            json,
            database,
        };
        verb.SetAction((parsed, cancellationToken) => SearchAsync(
            parsed.GetValue(database), string.Join(' ', parsed.GetValue(text)!), parsed.GetValue(thread), parsed.GetValue(limit)!.Value, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> SearchAsync(string? database, string text, string? thread, int limit, bool json, CancellationToken cancellationToken)
    {
        await using var link = await ThreadsLink.TryOpenAsync(database, cancellationToken);
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = false;
        if (link is not null)
        {
            var threadId = thread is null ? null : (await ThreadRows.FindAsync(link.Server, thread, cancellationToken)).Text("id");
            await foreach (var row in ReadAsync(link.Server, text, threadId, limit, cancellationToken))
            {
                if (json) JsonLines.Print(row);
                else await PrintAsync(link.Server, row, titles, isFirst: !found, cancellationToken);
                found = true;
            }
        }

        if (!json && !found) Console.WriteLine("Nothing was found.");
        return 0;
    }

    private static async IAsyncEnumerable<JsonElement> ReadAsync(
        ServerLink link, string text, string? threadId, int limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var args = new JsonObject { ["text"] = text, ["limit"] = Math.Min(limit, MaxPage), ["page"] = next };
            if (threadId is not null) args["threadId"] = threadId;
            var answer = await link.QueryAsync("search", args, cancellationToken);
            foreach (var row in answer.Items("rows"))
            {
                limit--;
                yield return row;
            }

            next = answer.Text("nextPage");
        }
        while (next is not null && limit > 0);
    }

    private static async Task PrintAsync(ServerLink link, JsonElement row, Dictionary<string, string> titles, bool isFirst, CancellationToken cancellationToken)
    {
        var threadId = row.Text("threadId")!;
        if (!titles.TryGetValue(threadId, out var title))
        {
            var thread = (await link.QueryAsync("threads.get", new JsonObject { ["threadId"] = threadId }, cancellationToken)).Items("rows").First();
            titles.Add(threadId, title = ThreadRows.Title(thread));
        }

        if (!isFirst) Screen.Output.WriteLine();
        var who = row.Text("role") ?? "thought";
        // The whole id, as it is to be given to 'show'; among those found a part of it may be unique that is not among all.
        Screen.Output.WriteLine($"{Screen.Output.Cyan(Printable.Line(threadId))}  {title}  {Screen.Output.Dim($"{who}, {Moment.Ago(row.Number("ts")!.Value, TimeProvider.System)}")}");
        Screen.Output.WriteLine("  " + Marked(row, Screen.Output));
    }

    /// <summary>The part of the message on one line, with what was looked for standing out.</summary>
    internal static string Marked(JsonElement row, Screen screen)
    {
        var snippet = row.Text("snippet")!;
        var marked = new StringBuilder();
        var at = 0;
        foreach (var highlight in row.Items("highlights"))
        {
            var (start, length) = (highlight[0].GetInt32(), highlight[1].GetInt32());
            marked.Append(Printable.Line(snippet[at..start])).Append(screen.Bold(screen.Yellow(Printable.Line(snippet.Substring(start, length)))));
            at = start + length;
        }

        return marked.Append(Printable.Line(snippet[at..])).ToString();
    }
}
