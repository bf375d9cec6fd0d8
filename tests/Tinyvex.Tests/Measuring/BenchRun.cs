using System.Diagnostics;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Measuring;

/// <summary>A run of the benchmarks that only looks whether they work, in a process of its own: what it measures is not the tests.</summary>
internal sealed record BenchRun(int ExitCode, string Output, List<JsonElement> Rows)
{
    private static readonly string Bench =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Tinyvex.Bench.exe" : "Tinyvex.Bench");

    public static async Task<BenchRun> RunAsync(params string[] arguments)
    {
        using var folder = new TempFolder();
        using var bench = Process.Start(new ProcessStartInfo(
            Bench, [.. arguments, "--smoke", "--server", TestBinary.Path, "--json", folder["results.json"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            // A dozen servers are started on the way, which takes its time where other tests run beside it.
            var limit = Deadline.Token(TimeSpan.FromMinutes(2));
            var output = await Task.WhenAll(bench.StandardOutput.ReadToEndAsync(limit), bench.StandardError.ReadToEndAsync(limit));
            await bench.WaitForExitAsync(limit);
            var file = folder["results.json"];
            var rows = File.Exists(file) ? JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("rows").EnumerateArray().ToList() : [];
            return new BenchRun(bench.ExitCode, string.Concat(output), rows);
        }
        finally
        {
            if (!bench.HasExited) bench.Kill(entireProcessTree: true);
        }
    }
}
