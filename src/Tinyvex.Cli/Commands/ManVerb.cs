using System.CommandLine;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex man</c>: the manual page.</summary>
internal static class ManVerb
{
    public static Command Create()
    {
        var verb = new Command("man", "Print the manual page, with all verbs and options, files, variables and exit codes, as man reads it.");
        verb.SetAction(parsed =>
        {
            new ManPage(Console.Out).Write(parsed.RootCommandResult.Command);
            return 0;
        });
        return verb;
    }
}
