using System.Diagnostics;
using Tinyvex.Tests.Replaying;
using TUnit.Core.Exceptions;

namespace Tinyvex.Tests.Support;

/// <summary>The real agents of tests/lab, installed from npm on first use.</summary>
internal static class Lab
{
    private static readonly SemaphoreSlim Installing = new(1, 1);

    private static string Folder { get; } = Path.GetFullPath(Transcripts.Path("../lab"));

    private static string Installed { get; } =
        Path.Combine(Environment.GetEnvironmentVariable("TINYVEX_LAB") is { Length: > 0 } named ? named : Path.GetFullPath(Path.Combine(Folder, "../../artifacts/lab")), "agents");

    /// <summary>This machine's processor as npm names it.</summary>
    public static string Processor { get; } = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    public static string File(string name) => Path.Combine(Folder, name);

    /// <summary>
    /// Installs an agent, unless it is there, and answers the path of a file in it. Where npm cannot, the test is skipped; in CI it fails.
    /// </summary>
    public static async Task<string> AgentAsync(string name, string file)
    {
        await Installing.WaitAsync();
        try
        {
            var start = new ProcessStartInfo("node", [File("install.mjs"), name]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync(Deadline.Token(TimeSpan.FromMinutes(5)));
            if (process.ExitCode == 0) return Path.Combine(Installed, name, file);
            var why = $"{name} could not be installed:\n{output}{await errors}";
            throw Environment.GetEnvironmentVariable("CI") == "true" ? new InvalidOperationException(why) : new SkipTestException(why);
        }
        finally
        {
            Installing.Release();
        }
    }
}
