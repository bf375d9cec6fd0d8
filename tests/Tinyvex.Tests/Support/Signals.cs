using System.Diagnostics;

namespace Tinyvex.Tests.Support;

/// <summary>Signals of Unix to a process, as a shell sends them.</summary>
internal static class Signals
{
    public static async Task SendAsync(string signal, int processId)
    {
        if (OperatingSystem.IsWindows()) Skip.Test("Windows has no signals");
        using var kill = Process.Start("kill", ["-" + signal, $"{processId}"]);
        await kill.WaitForExitAsync(Deadline.Token());
    }
}
