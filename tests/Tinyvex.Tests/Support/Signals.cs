using System.Diagnostics;

namespace Tinyvex.Tests.Support;

/// <summary>Signals of Unix to a process, as a shell sends them.</summary>
internal static class Signals
{
    public static Task SendAsync(string signal, int processId) => KillAsync(signal, $"{processId}");

    /// <summary>To all of a group at once, as a terminal sends Ctrl-C.</summary>
    public static Task SendToGroupAsync(string signal, int group) => KillAsync(signal, $"-{group}");

    private static async Task KillAsync(string signal, string to)
    {
        if (OperatingSystem.IsWindows()) Skip.Test("Windows has no signals");
        using var kill = Process.Start("kill", ["-" + signal, "--", to]);
        await kill.WaitForExitAsync(Deadline.Token());
    }
}
