using System.Runtime.InteropServices;

namespace Tinyvex.Guarding;

/// <summary>What only macOS has.</summary>
internal static unsafe partial class DarwinLibC
{
    /// <summary>Hands one descriptor to a child that is spawned with POSIX_SPAWN_CLOEXEC_DEFAULT.</summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addinherit_np")]
    internal static partial int SpawnActionsAddInherit(void* actions, int fd);

    /// <summary>The number of child process ids written to the buffer, or -1.</summary>
    [LibraryImport("libproc", EntryPoint = "proc_listchildpids")]
    internal static partial int ListChildPids(int parentPid, int* buffer, int bufferBytes);
}
