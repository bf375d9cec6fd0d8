using System.Runtime.InteropServices;

namespace Tinyvex.Hosting;

/// <summary>
/// How many files, sockets among them, the process may have open. Systems give a program a thousand and let it ask for more, up to a
/// limit that is the administrator's.
/// </summary>
internal static unsafe partial class OpenFiles
{
    /// <summary><c>RLIMIT_NOFILE</c> of sys/resource.h.</summary>
    private static int Limit => OperatingSystem.IsMacOS() ? 8 : 7;

    /// <summary>Asks for room for so many. Where that is not given, connections wait until others end.</summary>
    public static void Allow(int count)
    {
        if (OperatingSystem.IsWindows()) return;
        // The soft limit and the hard one, struct rlimit.
        var limits = stackalloc ulong[2];
        if (Get(Limit, limits) != 0 || limits[0] >= (ulong)count) return;
        limits[0] = Math.Min((ulong)count, limits[1]);
        _ = Set(Limit, limits);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, ulong* limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, ulong* limits);
}
