using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Admission;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary>Answers the shell's question how a command line may go on: a suggestion a line, what it is behind a tab.</summary>
internal static class Suggestions
{
    /// <summary>How the shell asks: this, and the command line up to the cursor.</summary>
    public const string Directive = "[suggest]";

    /// <summary>Whoever presses Tab waits for it; a server that needs longer is passed over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int MaxThreads = 50;

    /// <summary>Lets the program complete names of agents and threads.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (var verb in root.Subcommands)
        {
            // With a value that may be left out, true and false would be all that is offered behind a flag.
            foreach (var flag in verb.Options.OfType<Option<bool>>()) flag.Arity = ArgumentArity.Zero;
            foreach (var argument in verb.Arguments.Where(argument => argument.Name == "thread")) argument.CompletionSources.Add(Threads);
            foreach (var option in verb.Options.Where(option => option.Name == "--thread")) option.CompletionSources.Add(Threads);
            // The server's own takes a name and its command, which nobody knows.
            foreach (var option in verb.Options.Where(option => option.Name == "--agent" && verb.Name == "run")) option.CompletionSources.Add(Agents);
        }
    }

    /// <param name="line">The command line up to the cursor, the program's name first.</param>
    public static void Print(RootCommand root, string line)
    {
        var parsed = root.Parse(line);
        var word = parsed.GetCompletionContext().WordToComplete;
        foreach (var item in parsed.GetCompletions())
        {
            // Where something else is expected, options only stand in its way; of an option's names the long one is enough.
            if (item.Label.StartsWith('-') ? !word.StartsWith('-') || !item.Label.StartsWith("--", StringComparison.Ordinal) : item.Label.StartsWith('/')) continue;
            if (!item.Label.StartsWith(word, StringComparison.Ordinal)) continue;
            var isVerb = parsed.CommandResult.Command is RootCommand;
            var detail = (isVerb ? VerbGuide.Of(item.Label)?.Summary : null) ?? item.Detail ?? item.Documentation;
            Console.WriteLine(string.IsNullOrEmpty(detail) ? item.Label : $"{item.Label}\t{FirstSentence(detail)}");
        }
    }

    private static string FirstSentence(string text)
    {
        var line = Printable.Line(text);
        var end = line.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? line.TrimEnd('.') : line[..end];
    }

    private static IEnumerable<CompletionItem> Threads(CompletionContext context)
    {
        // What is to be brought back into the list is not in it.
        var archived = Find<bool>(context, "--undo") is { } undo && context.ParseResult.GetValue(undo);
        return Ask(context, "threads.list", new JsonObject { ["limit"] = MaxThreads, ["archived"] = archived }, rows =>
        {
            if (rows.Length == 0) return [];
            var ids = ThreadRows.Shorten(rows.Select(row => row.Text("id")!));
            return
            [
                .. rows.Select(row => new CompletionItem(ids[row.Text("id")!], documentation: ThreadRows.Title(row))),
                new CompletionItem(ThreadRows.Last, documentation: archived ? "the one archived last" : "the newest thread"),
            ];
        });
    }

    private static IEnumerable<CompletionItem> Agents(CompletionContext context) => Ask(context, "agents.list", [], rows =>
        [.. rows.Select(row => new CompletionItem(row.Text("name")!, documentation: row.Text("title")))]);

    private static IEnumerable<CompletionItem> Ask(CompletionContext context, string query, JsonObject args, Func<JsonElement[], IEnumerable<CompletionItem>> make)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
            return make(AskAsync(Find<string?>(context, "--db") is { } database ? context.ParseResult.GetValue(database) : null, query, args, patience.Token).GetAwaiter().GetResult());
        }
        catch (Exception exception) when (exception is StartupException or OperationCanceledException)
        {
            // There is no server to ask. In the middle of a command line nobody wants to read of it.
            return [];
        }
    }

    private static async Task<JsonElement[]> AskAsync(string? database, string query, JsonObject args, CancellationToken cancellationToken)
    {
        if (RuntimeFile.Find(DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase)) is null) return [];
        await using var link = await ServerLink.ToRunningAsync(database, Subprotocols.Sync, cancellationToken);
        return [.. (await link.QueryAsync(query, args, cancellationToken)).Items("rows")];
    }

    private static Option<T>? Find<T>(CompletionContext context, string name) => context.ParseResult.CommandResult.Command.Options.FirstOrDefault(option => option.Name == name) as Option<T>;
}
