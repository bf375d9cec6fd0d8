using System.CommandLine;
using System.CommandLine.Invocation;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary>The command line as a whole.</summary>
internal static class RootVerb
{
    public static RootCommand Create()
    {
        var root = new RootCommand("""
            Runs AI coding agents (any that speak the Agent Client Protocol), stores every update in
            SQLite first, and streams it to every WebSocket client.

            To begin:  tinyvex demo
            To serve:  tinyvex serve --agent codex="codex-acp"
            """)
        {
            ServeVerb.Create(),
            DemoVerb.Create(),
            RunVerb.Create(),


            ReplayVerb.Create(),
        };
        foreach (var option in root.Options)
        {
            if (option is VersionOption version) version.Action = new PrintVersion();
        }

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
