using System.Globalization;

namespace Tinyvex.Cli.Terminal;

internal static class Duration
{
    /// <summary>A time as people say it: 0.4 s, 12 s, 3 min 5 s, 2 h 10 min.</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalMinutes: < 1 } => $"{time.Seconds} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };
}
