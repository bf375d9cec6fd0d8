using System.Runtime.InteropServices;

namespace Tinyvex.Guarding;

/// <summary>
/// The C library of Linux (glibc and musl) and macOS. Only functions whose arguments are numbers and pointers; opaque
/// structs are byte buffers larger than any of these libraries asks for.
/// </summary>
internal static unsafe partial class LibC
{
    /// <summary>posix_spawnattr_t, posix_spawn_file_actions_t, sigset_t and struct sigaction are at most 336 bytes.</summary>
    internal const int OpaqueStructSize = 1024;

    internal const int Eintr = 4;
    internal const int Enoent = 2;
    internal const int Echild = 10;

    internal const int SigKill = 9;
    internal const int SigTerm = 15;

    internal const int WNoHang = 1;

    internal const short PollIn = 0x1;
    internal const short PollOut = 0x4;
    internal const short PollErr = 0x8;
    internal const short PollHup = 0x10;
    internal const short PollNval = 0x20;

    // These three are numbered differently on Linux and macOS.
    internal static int SigCont => OperatingSystem.IsMacOS() ? 19 : 18;

    internal static int SigStop => OperatingSystem.IsMacOS() ? 17 : 19;

    internal static int SigChld => OperatingSystem.IsMacOS() ? 20 : 17;

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "dup2")]
    internal static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    internal static partial int Pipe(int* fds);

    [LibraryImport("libc", EntryPoint = "getpid")]
    internal static partial int GetPid();

    [LibraryImport("libc", EntryPoint = "getppid")]
    internal static partial int GetPpid();

    [LibraryImport("libc", EntryPoint = "getpgid")]
    internal static partial int GetPgid(int pid);

    [LibraryImport("libc", EntryPoint = "setpgid")]
    internal static partial int SetPgid(int pid, int group);

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    internal static partial int SigAction(int signal, void* change, void* current);

    [LibraryImport("libc", EntryPoint = "signal")]
    internal static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    internal static partial int SigEmptySet(void* set);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    internal static partial int SigFillSet(void* set);

    [LibraryImport("libc", EntryPoint = "sigdelset")]
    internal static partial int SigDelSet(void* set, int signal);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    internal static partial int SpawnAttrInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int SpawnAttrDestroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SpawnAttrSetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SpawnAttrSetSigMask(void* attributes, void* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SpawnAttrSetSigDefault(void* attributes, void* set);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int SpawnActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int SpawnActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int SpawnActionsAddDup2(void* actions, int from, int to);

    /// <summary>Returns the error number itself; errno is not used.</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    internal static partial int SpawnP(int* pid, byte* file, void* actions, void* attributes, byte** argv, byte** environment);

    /// <summary>
    /// The environment as the C library holds it, so that odd bytes and double names pass through unchanged. The runtime's
    /// own way to it: macOS gives it to no shared library by name, and a static file has no library to ask.
    /// </summary>
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_GetEnviron")]
    internal static partial byte** GetEnviron();
}
