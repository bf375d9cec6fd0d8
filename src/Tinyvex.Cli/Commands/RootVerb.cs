using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary>The command line as a whole.</summary>
internal static class RootVerb
{
    /// <summary>In the order of use, in which help lists them.</summary>
    private static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        ("demo", DemoVerb.Create),
        ("run", RunVerb.Create),
        ("serve", ServeVerb.Create),
        ("acp", AcpVerb.Create),
        ("threads", ThreadsVerb.Create),
        ("show", ShowVerb.Create),
        ("search", SearchVerb.Create),
        ("watch", WatchVerb.Create),
        ("rename", RenameVerb.Create),
        ("archive", ArchiveVerb.Create),
        ("delete", DeleteVerb.Create),
        ("open", OpenVerb.Create),
        ("status", StatusVerb.Create),
        ("agents", AgentsVerb.Create),
        ("stop", StopVerb.Create),
        ("export", ExportVerb.Create),
        ("import", ImportVerb.Create),
        ("backup", BackupVerb.Create),
        ("restore", RestoreVerb.Create),
        ("doctor", DoctorVerb.Create),
        ("completions", CompletionsVerb.Create),
        ("man", ManVerb.Create),
        ("replay", ReplayVerb.Create),
        ("codex-exec", CodexExecVerb.Create),
    ];

    /// <param name="args">The command line. A verb that other programs wait for is built alone: the others cost milliseconds.</param>
    public static RootCommand Create(IReadOnlyList<string> args)
    {
        var root = new RootCommand("""
            Tinyvex runs AI coding agents (any that speak the Agent Client Protocol), stores every update in
            SQLite first, and streams it to every WebSocket client.
            """);
        var alone = args is ["serve" or "replay" or "codex-exec" or "acp", ..] ? args[0] : null;
        foreach (var verb in Verbs)
        {
            if (alone is null || verb.Name == alone) root.Subcommands.Add(verb.Create());
        }

        foreach (var option in root.Options)
        {
            if (option is VersionOption version) version.Action = new PrintVersion();
            if (option is HelpOption { Action: HelpAction help }) option.Action = new VerbHelp(help);
        }

        Suggestions.AddTo(root);
        return root;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.WriteLine($"tinyvex {TinyvexVersion.Text} (SQLite {TinyvexVersion.Sqlite})");
            return 0;
        }
    }
}
