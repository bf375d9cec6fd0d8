using System.Runtime.InteropServices;

namespace Tinyvex.Guarding;

/// <summary>What only macOS has.</summary>
internal static unsafe partial class DarwinLibC
{
    /// <summary>Hands one descriptor to a child that is spawned with POSIX_SPAWN_CLOEXEC_DEFAULT.</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addinherit_np")]
    internal static partial int SpawnActionsAddInherit(void* actions, int fd);

    private const short FilterProcess = -5;
    private const ushort AddOnce = 0x0001 | 0x0010;
    private const uint NoteExit = 0x80000000;

    /// <summary>A kernel queue that gets one event when the process ends; -1 where there is no such process.</summary>
    internal static int WatchExit(int pid)
    {
        var queue = Kqueue();
        if (queue < 0) return -1;
        var change = new KernelEvent { Ident = (nuint)pid, Filter = FilterProcess, Flags = AddOnce, FilterFlags = NoteExit };
        if (Kevent(queue, &change, 1, null, 0, null) == 0) return queue;
        _ = LibC.Close(queue);
        return -1;
    }

    internal static void WaitForExit(int queue)
    {
        KernelEvent exit;
        while (Kevent(queue, null, 0, &exit, 1, null) < 0)
        {
            // A signal came in between.
        }
    }

    [LibraryImport("libc", EntryPoint = "kqueue", SetLastError = true)]
    private static partial int Kqueue();

    [LibraryImport("libc", EntryPoint = "kevent", SetLastError = true)]
    private static partial int Kevent(int queue, KernelEvent* changes, int changeCount, KernelEvent* events, int eventCount, void* timeout);

    /// <summary>The number of child process ids written to the buffer, or -1.</summary>
    [LibraryImport("libproc", EntryPoint = "proc_listchildpids")]
    internal static partial int ListChildPids(int parentPid, int* buffer, int bufferBytes);
}
