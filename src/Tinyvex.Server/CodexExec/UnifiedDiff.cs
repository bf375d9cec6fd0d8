using System.Globalization;
using System.Text;

namespace Tinyvex.CodexExec;

/// <summary>A unified diff as two texts.</summary>
internal static class UnifiedDiff
{
    /// <summary>
    /// The text before and after a change. With the file as it is now these are of the whole file; where that does not fit, as it was changed
    /// again or is too large, of the changed parts alone.
    /// </summary>
    public static (string Old, string New) Texts(string diff, string? now)
    {
        var hunks = Read(diff);
        return now is not null && Undo(hunks, now) is { } before
            ? (before, now)
            : (string.Concat(hunks.Select(hunk => hunk.Old)), string.Concat(hunks.Select(hunk => hunk.New)));
    }

    private static string? Undo(List<(int NewStart, string Old, string New)> hunks, string now)
    {
        var lines = Lines(now);
        // From the end on, so that the places of those before stay right.
        foreach (var (start, old, after) in Enumerable.Reverse(hunks))
        {
            var count = Lines(after).Count;
            // A hunk that leaves no line names the line before it.
            var at = count == 0 ? start : start - 1;
            if (at < 0 || at + count > lines.Count || !SameText(string.Concat(lines.GetRange(at, count)), after)) return null;
            lines.RemoveRange(at, count);
            lines.InsertRange(at, Lines(old));
        }

        return string.Concat(lines);
    }

    /// <summary>Codex ends the last line of a file even where the file does not.</summary>
    private static bool SameText(string file, string hunk) => file == hunk || file + "\n" == hunk;

    private static List<(int NewStart, string Old, string New)> Read(string diff)
    {
        var hunks = new List<(int NewStart, string Old, string New)>();
        var (old, after, start) = (new StringBuilder(), new StringBuilder(), -1);
        foreach (var line in Lines(diff))
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                End();
                start = NewStart(line);
            }
            else if (start >= 0 && line[0] is ' ' or '-' or '+')
            {
                if (line[0] != '+') old.Append(line, 1, line.Length - 1);
                if (line[0] != '-') after.Append(line, 1, line.Length - 1);
            }
        }

        End();
        return hunks;

        void End()
        {
            if (start >= 0) hunks.Add((start, old.ToString(), after.ToString()));
            old.Clear();
            after.Clear();
        }
    }

    private static int NewStart(string header)
    {
        var plus = header.IndexOf('+', StringComparison.Ordinal);
        var digits = plus < 0 ? "" : new string([.. header[(plus + 1)..].TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : 0;
    }

    /// <summary>Lines with their ends.</summary>
    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..next]);
            start = next;
        }

        return lines;
    }
}
