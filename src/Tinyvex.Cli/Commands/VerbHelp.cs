using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Commands;

/// <summary>Help that teaches: of the program, its verbs by what they are for; of a verb, also examples.</summary>
internal sealed class VerbHelp(HelpAction inner) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help need not have the rest of the line right.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command is RootCommand root)
        {
            PrintRoot(root);
            return 0;
        }

        var code = inner.Invoke(parseResult);
        if (VerbGuide.Of(parseResult.CommandResult.Command.Name) is not { } guide) return code;
        Console.WriteLine("Examples:");
        foreach (var (line, what) in guide.Examples) Console.WriteLine($"  {line}\n      {what}");
        Console.WriteLine();
        return code;
    }

    private static void PrintRoot(RootCommand root)
    {
        Console.WriteLine($"{root.Description}\n\nUsage: tinyvex <verb> [options]");
        var width = VerbGuide.All.Max(guide => guide.Verb.Length);
        foreach (var group in VerbGuide.All.GroupBy(guide => guide.Group))
        {
            Console.WriteLine($"\n{Screen.Output.Bold(group.Key)}");
            foreach (var guide in group) Console.WriteLine($"  {Screen.Output.Cyan(guide.Verb.PadRight(width))}  {guide.Summary}");
        }

        Console.WriteLine("""

            tinyvex <verb> --help says more of one, with examples; tinyvex man is the whole manual.
            Verbs that print data take --json. tinyvex --version says which this is.
            """);
    }
}
