using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Prints what a command wrote or a tool found: its first lines and its last ones.</summary>
internal sealed class OutputPrinter(Screen screen)
{
    /// <summary>What a command began with.</summary>
    public const int FirstLines = 3;

    /// <summary>How it came out stands at the end.</summary>
    public const int LastLines = 6;

    /// <summary>A line of output may be a whole file without line ends.</summary>
    public const int MaxLineLength = 400;

    public void Print(string output)
    {
        var lines = WithoutFence(output.Replace("\r\n", "\n", StringComparison.Ordinal).Trim('\n').Split('\n'));
        if (lines.Length <= FirstLines + LastLines + 1)
        {
            Print(lines);
            return;
        }

        Print(lines[..FirstLines]);
        screen.WriteLine(screen.Dim($"    … {lines.Length - FirstLines - LastLines} more lines"));
        Print(lines[^LastLines..]);
    }

    private void Print(string[] lines)
    {
        foreach (var line in lines)
        {
            var text = Printable.Text(line);
            screen.WriteLine(screen.Dim("    " + (text.Length > MaxLineLength ? text[..MaxLineLength] + "…" : text)));
        }
    }

    /// <summary>Some agents put output into a block of Markdown.</summary>
    private static string[] WithoutFence(string[] lines) =>
        lines is [var first, .. var inner, "```"] && first.StartsWith("```", StringComparison.Ordinal) ? inner : lines;
}
