using System.Globalization;

namespace Tinyvex.Cli.Commands;

/// <summary>An age as it is given on a command line: <c>90s</c>, <c>30m</c>, <c>12h</c>, <c>7d</c>, <c>forever</c>.</summary>
internal static class Age
{
    /// <summary>A hundred years: beyond it times no longer fit their calendar, and forever is meant.</summary>
    private const long MostSeconds = 100L * 365 * 24 * 3600;

    public static bool TryParse(string text, out TimeSpan age)
    {
        age = Timeout.InfiniteTimeSpan;
        if (text == "forever") return true;
        var unit = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 24 * 3600, _ => 0 };
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        age = TimeSpan.FromSeconds(Math.Min((long)count * unit, MostSeconds));
        return true;
    }
}
