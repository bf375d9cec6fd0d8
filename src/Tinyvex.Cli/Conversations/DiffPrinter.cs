using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Prints the diff of a tool call: its file, how much changed, and the changes with the lines around them.</summary>
internal sealed class DiffPrinter(Screen screen, string? directory)
{
    private const int Context = 2;

    /// <summary>Lines of one diff that are printed: a few screens. What is left out is counted.</summary>
    public const int MaxLines = 120;

    /// <param name="diff">ACP's content of type <c>diff</c>.</param>
    public void Print(JsonElement diff)
    {
        var lines = LinesOf(diff);
        var added = lines.Count(line => line.Sign == '+');
        var removed = lines.Count(line => line.Sign == '-');
        var isNew = !diff.TryGetProperty("oldText", out var old) || old.ValueKind == JsonValueKind.Null;
        screen.WriteLine($"  {Shown(diff.GetProperty("path").GetString()!)}{screen.Dim(isNew ? " (new)" : "")}  {screen.Green($"+{added}")} {screen.Red($"−{removed}")}");
        Print(Hunks(lines));
    }

    /// <summary>All lines of a diff, with what became of each.</summary>
    public static List<DiffLine> LinesOf(JsonElement diff) => LineDiff.Between(Lines(diff, "oldText"), Lines(diff, "newText"));

    private void Print(List<DiffLine> shown)
    {
        foreach (var line in shown.Take(MaxLines))
        {
            var text = $"  {line.Sign} {Printable.Text(line.Text)}";
            screen.WriteLine(line.Sign switch { '+' => screen.Green(text), '-' => screen.Red(text), _ => screen.Dim(text) });
        }

        if (shown.Count > MaxLines) screen.WriteLine(screen.Dim($"  … {shown.Count - MaxLines} more lines"));
    }

    /// <summary>
    /// The changes and what is around them, a ⋮ where something is left out between two. No line numbers: many agents send the part of
    /// the file that they change, and not where it stands.
    /// </summary>
    public static List<DiffLine> Hunks(List<DiffLine> lines)
    {
        var hunks = new List<DiffLine>();
        var last = -1;
        var changed = lines.Select((line, index) => (line.Sign, index)).Where(line => line.Sign != ' ').Select(line => line.index).ToList();
        var next = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            while (next < changed.Count && changed[next] + Context < i) next++;
            if (next < changed.Count && changed[next] - Context <= i)
            {
                if (last >= 0 && last != i - 1) hunks.Add(new DiffLine('⋮', ""));
                hunks.Add(lines[i]);
                last = i;
            }
        }

        return hunks;
    }

    /// <summary>A path as it is typed where the agent works.</summary>
    private string Shown(string path)
    {
        if (directory is not null && Path.IsPathFullyQualified(path))
        {
            var relative = Path.GetRelativePath(directory, path);
            if (!relative.StartsWith("..", StringComparison.Ordinal)) path = relative;
        }

        return Printable.Line(path);
    }

    private static string[] Lines(JsonElement diff, string field)
    {
        if (!diff.TryGetProperty(field, out var text) || text.ValueKind != JsonValueKind.String) return [];
        var whole = text.GetString()!.Replace("\r\n", "\n", StringComparison.Ordinal);
        return whole.Length == 0 ? [] : (whole.EndsWith('\n') ? whole[..^1] : whole).Split('\n');
    }
}
