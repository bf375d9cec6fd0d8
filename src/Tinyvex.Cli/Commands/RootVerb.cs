using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary>The command line as a whole.</summary>
internal static class RootVerb
{
    public static RootCommand Create()
    {
        var root = new RootCommand("""
            Tinyvex runs AI coding agents (any that speak the Agent Client Protocol), stores every update in
            SQLite first, and streams it to every WebSocket client.
            """)
        {
            DemoVerb.Create(),
            RunVerb.Create(),
            ServeVerb.Create(),
            ThreadsVerb.Create(),
            ShowVerb.Create(),
            WatchVerb.Create(),
            StatusVerb.Create(),
            AgentsVerb.Create(),
            StopVerb.Create(),
            BackupVerb.Create(),
            RestoreVerb.Create(),
            CompletionsVerb.Create(),
            ManVerb.Create(),
            ReplayVerb.Create(),
        };
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
