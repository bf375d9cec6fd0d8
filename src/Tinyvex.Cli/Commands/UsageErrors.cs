using System.CommandLine;
using System.CommandLine.Parsing;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Commands;

/// <summary>Says what is wrong with a command line, and what would help.</summary>
internal static class UsageErrors
{
    public static void Print(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand root && parsed.UnmatchedTokens is [var word, ..] && !word.StartsWith('-'))
        {
            var near = root.Subcommands.Select(verb => verb.Name).MinBy(name => Distance(name, word));
            Console.Error.WriteLine($"tinyvex: there is no verb '{Printable.Line(word)}'.{(near is not null && Distance(near, word) <= 2 ? $" Did you mean '{near}'?" : "")}");
        }
        else
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"tinyvex: {error.Message}");
        }

        var names = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent) names.Insert(0, command.Command.Name + " ");
        Console.Error.WriteLine($"Run 'tinyvex {string.Concat(names)}--help' for what there is.");
    }

    /// <summary>How many letters have to be put in, taken out or replaced (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
