using System.Runtime.InteropServices;

namespace Tinyvex.Guarding;

/// <summary>
/// What only Linux has. Some of these are variadic in C, which makes no difference to the call on Linux x64 and arm64
/// (it does on macOS arm64, so they must not move to <see cref="LibC"/>).
/// </summary>
internal static unsafe partial class LinuxLibC
{
    internal const int OCloseOnExec = 0x80000;

    private const int PrSetName = 15;
    private const int PrSetChildSubreaper = 36;

    /// <summary>pidfd_open has the same number on every architecture, and glibc before 2.36 has no function for it.</summary>
    private const int SysPidFdOpen = 434;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    internal static partial int Pipe2(int* fds, int flags);

    /// <summary>Descendants that lose their parent become children of this process and not of init.</summary>
    internal static bool BecomeSubreaper() => PrCtl(PrSetChildSubreaper, 1, 0, 0, 0) == 0;

    internal static void SetName(ReadOnlySpan<byte> nullTerminatedName)
    {
        fixed (byte* name = nullTerminatedName)
            _ = PrCtl(PrSetName, (nuint)name, 0, 0, 0);
    }

    /// <summary>A descriptor that polls readable once the process has ended; -1 where the kernel (before 5.3) has none.</summary>
    internal static int PidFdOpen(int pid) => (int)SysCall(SysPidFdOpen, pid, 0);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int PrCtl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SysCall(nint number, nint argument1, nint argument2);
}
