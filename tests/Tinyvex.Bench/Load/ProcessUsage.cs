using System.Globalization;

namespace Tinyvex.Bench.Load;

/// <summary>What the kernel says of a process, in <c>/proc</c>.</summary>
/// <param name="Cpu">Time of all its threads so far.</param>
/// <param name="ResidentKb">Memory it holds, what it shares with others included.</param>
/// <param name="PeakKb">The most that it held since its start, or since <see cref="ForgetPeak"/>.</param>
/// <param name="ProportionalKb">The same, but of what it shares only its share.</param>
internal readonly record struct ProcessUsage(TimeSpan Cpu, long ResidentKb, long PeakKb, long ProportionalKb)
{
    /// <summary>In which <c>/proc</c> counts, on every Linux that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    public static ProcessUsage Of(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // Fields 14 and 15; the second is a name in parentheses, which may hold spaces.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessUsage(
            TimeSpan.FromSeconds((double)ticks / TicksPerSecond), Kilobytes($"/proc/{processId}/status", "VmRSS:"),
            Kilobytes($"/proc/{processId}/status", "VmHWM:"),
            Kilobytes($"/proc/{processId}/smaps_rollup", "Pss:"));
    }

    /// <summary>From here on the peak is counted anew (proc(5), <c>clear_refs</c>).</summary>
    public static void ForgetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    private static long Kilobytes(string path, string field)
    {
        var line = File.ReadLines(path).First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
