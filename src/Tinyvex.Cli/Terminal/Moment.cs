using System.Globalization;

namespace Tinyvex.Cli.Terminal;

/// <summary>Times and spans as a person reads them; they come as Unix milliseconds.</summary>
internal static class Moment
{
    public static string Ago(long at, TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at)) switch
    {
        { TotalSeconds: < 60 } => "now",
        { TotalMinutes: < 60 } span => Say(span.TotalMinutes, "min ago"),
        { TotalHours: < 24 } span => Say(span.TotalHours, "h ago"),
        { TotalDays: < 2 } => "1 day ago",
        { TotalDays: < 30 } span => Say(span.TotalDays, "days ago"),
        _ => Local(at, time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    public static string Date(long at, TimeProvider time) => Local(at, time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Clock(long at, TimeProvider time) => Local(at, time).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.##} GiB"),
    };

    private static string Say(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{(int)number} {unit}");

    private static DateTimeOffset Local(long at, TimeProvider time) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), time.LocalTimeZone);
}
