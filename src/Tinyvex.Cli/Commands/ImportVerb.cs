using System.CommandLine;
using Tinyvex.Admission;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Transfers;
using Tinyvex.Cli.Turns;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex import</c>: conversations from elsewhere.</summary>
internal static class ImportVerb
{
    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "A file, a folder of files, or - for stdin.", HelpName = "FILE", Arity = ArgumentArity.OneOrMore };
        UnknownOptions.Refuse(files);
        var trial = new Option<bool>("--dry-run") { Description = "Read everything and say what would be imported, but write nothing." };
        var json = CommonOptions.Json("a thread a line, with what became of it");
        var database = ServerArguments.Database();
        var verb = new Command("import", """
            Bring in conversations: what 'tinyvex export' wrote, recordings of ACP, databases of this Tinyvex
            or the original one, and sessions of Codex and Claude Code. What a file is, is found out from
            what is in it. Importing a file again adds only what is new in it.
            """)
        {
            files,
            trial,
            json,
            database,
        };
        verb.SetAction((parsed, _) => ImportAsync(parsed.GetValue(database), parsed.GetValue(files)!, parsed.GetValue(trial), parsed.GetValue(json)));
        return verb;
    }

    private static async Task<int> ImportAsync(string? database, string[] files, bool isTrial, bool json)
    {
        using var stop = new StopSignal(withStdin: false);
        using var loggers = ServerArguments.LoggersForCommand();
        var report = new ImportReport(json, isTrial);
        var options = ServerArguments.ForConversations(database);
        // A trial leaves nothing behind, not even an empty database.
        using var nowhere = isTrial && !File.Exists(options.DatabasePath) ? new TrialFolder() : null;
        if (nowhere is not null) options = options with { DatabasePath = nowhere.Database };
        try
        {
            await using var link = await ServerLink.ToAnyAsync(options, Subprotocols.Sync, loggers, stop.Token);
            using var inputs = new ImportFiles(files);
            foreach (var (path, name, isNamed) in inputs.All()) await FileAsync(link, path, name, isNamed, isTrial, report, stop.Token);
        }
        catch (OperationCanceledException)
        {
            report.Clear();
            await Console.Error.WriteLineAsync("tinyvex: interrupted. The same command goes on from here.");
            return RunOutcome.Cancelled;
        }

        return report.End();
    }

    private static async Task FileAsync(ServerLink link, string path, string name, bool isNamed, bool isTrial, ImportReport report, CancellationToken cancellationToken)
    {
        ImportSource? source;
        try
        {
            source = SourceKinds.Of(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report.Failed(name, exception.Message);
            return;
        }

        if (source is null)
        {
            report.Unknown(name, isNamed);
            return;
        }

        var sink = new ImportSink(link, isTrial, (read, of) => report.Progress(name, read, of), cancellationToken);
        try
        {
            await source.ReadAsync(sink, cancellationToken);
            report.Done(name, source, sink);
        }
        catch (Exception exception) when (exception is StartupException or IOException or UnauthorizedAccessException)
        {
            report.Done(name, source, sink, exception.Message);
        }
    }
}
