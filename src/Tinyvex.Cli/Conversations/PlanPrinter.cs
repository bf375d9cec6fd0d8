using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Prints a plan as a list with marks, and of a long one, once it was seen, what changed.</summary>
internal sealed class PlanPrinter(Screen screen)
{
    /// <summary>A plan that is short enough to be read again each time.</summary>
    public const int ShortPlan = 6;

    private List<string> _printed = [];

    /// <summary>Whether there is something that was not printed.</summary>
    public bool IsNews(JsonElement entries) => !Lines(entries).SequenceEqual(_printed);

    public void Print(JsonElement entries)
    {
        var lines = Lines(entries);
        var changed = lines.Count <= ShortPlan || lines.Count != _printed.Count ? lines : [.. lines.Where((line, index) => line != _printed[index])];
        foreach (var line in changed) screen.WriteLine(line);
        if (changed.Count < lines.Count) screen.WriteLine(screen.Dim($"  … {lines.Count - changed.Count} others as before"));
        _printed = lines;
    }

    private List<string> Lines(JsonElement entries) =>
    [
        .. entries.EnumerateArray().Select(entry =>
        {
            var text = Printable.Line(entry.GetProperty("content").GetString()!);
            return entry.GetProperty("status").GetString() switch
            {
                "completed" => $"  {screen.Green("☑")} {screen.Dim(text)}",
                "in_progress" => $"  {screen.Cyan("▸")} {text}",
                _ => $"  ☐ {text}",
            };
        }),
    ];
}
