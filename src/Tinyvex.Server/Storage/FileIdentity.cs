using System.Runtime.InteropServices;
using System.Text;

namespace Tinyvex.Storage;

/// <summary>Which file stands under a name: its device and its number there, which no other file has while somebody has it open.</summary>
internal readonly unsafe partial record struct FileIdentity(long Device, long Number)
{
    /// <summary>A path as the system takes it, made once for a path that is looked at often.</summary>
    public static byte[] Encode(string path) => Encoding.UTF8.GetBytes(path + '\0');

    /// <summary>
    /// The file under a name; null where there is none, or it cannot be seen. On Windows always null: SQLite opens its files so that nobody
    /// can remove or rename them.
    /// </summary>
    public static FileIdentity? Of(byte[] path)
    {
        if (OperatingSystem.IsWindows()) return null;
        Status status;
        fixed (byte* name = path) return Stat(name, &status) == 0 ? new FileIdentity(status.Device, status.Number) : null;
    }

    /// <summary>The runtime's own way to <c>stat</c>, whose structure is the same on every system.</summary>
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    private static partial int Stat(byte* path, Status* status);

    /// <summary>The runtime's <c>FileStatus</c>, with room behind it; of its fields two are read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(88)]
        public long Device;

        [FieldOffset(104)]
        public long Number;
    }
}
