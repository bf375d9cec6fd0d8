using System.Diagnostics;

namespace Tinyvex.Guarding;

/// <summary>The server's side of the guard: how it asks one to end its agent.</summary>
internal static class GuardSignal
{
    /// <summary>Each line that a guard writes begins so.</summary>
    internal const string LineStart = "tinyvex guard: ";

    private const string Signal = "ended by signal ";

    /// <summary>What a guard of a terminal says of a command that a signal has ended: an exit code alone could be the command's own.</summary>
    internal static string EndedBy(int signal) => Signal + signal.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The signal that a guard's line tells of, or null.</summary>
    public static int? ReadEndedBy(string line) =>
        line.StartsWith(LineStart + Signal, StringComparison.Ordinal) && int.TryParse(line.AsSpan(LineStart.Length + Signal.Length), out var signal) ? signal : null;

    /// <summary>
    /// Asks for an orderly end of the whole tree. On Windows there is no such signal; ending the guard closes its job object, and
    /// with it the tree.
    /// </summary>
    public static void RequestEnd(Process guard)
    {
        if (OperatingSystem.IsWindows()) guard.Kill();
        else _ = LibC.Kill(guard.Id, LibC.SigTerm);
    }
}
