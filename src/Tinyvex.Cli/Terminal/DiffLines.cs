using System.Text.Json;

namespace Tinyvex.Cli.Terminal;

/// <summary>A diff of ACP (the text before and after) as lines with their marks: what changed, and a little around it.</summary>
internal static class DiffLines
{
    private const int Context = 3;

    public static IEnumerable<(char Mark, string Text)> Of(JsonElement diff)
    {
        var before = Lines(diff.Text("oldText"));
        var after = Lines(diff.Text("newText"));
        var shorter = Math.Min(before.Length, after.Length);
        var start = 0;
        while (start < shorter && before[start] == after[start]) start++;
        var end = 0;
        while (end < shorter - start && before[^(end + 1)] == after[^(end + 1)]) end++;
        return
        [
            .. before[Math.Max(start - Context, 0)..start].Select(line => (' ', line)),
            .. before[start..^end].Select(line => ('-', line)),
            .. after[start..^end].Select(line => ('+', line)),
            .. before[^end..][..Math.Min(Context, end)].Select(line => (' ', line)),
        ];
    }

    private static string[] Lines(string? text) => text is null or "" ? [] : text.TrimEnd('\n').Split('\n');
}
