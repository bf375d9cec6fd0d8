using System.Diagnostics;

namespace Tinyvex.Guarding;

/// <summary>The server's side of the guard: how it asks one to end its agent.</summary>
internal static class GuardSignal
{
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
