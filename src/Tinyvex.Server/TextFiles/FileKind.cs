using System.Runtime.InteropServices;
using System.Text;

namespace Tinyvex.TextFiles;

/// <summary>What stands under a name: opening a pipe waits for its other end, and a device may never end.</summary>
internal static unsafe partial class FileKind
{
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Whether it is a file of bytes on a disk, or nothing at all.</summary>
    public static bool IsPlain(string path)
    {
        if (OperatingSystem.IsWindows()) return true;
        Status status;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0')) return Stat(name, &status) != 0 || (status.Mode & KindMask) == Regular;
    }

    /// <summary>The runtime's own way to <c>stat</c>, whose structure is the same on every system.</summary>
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    private static partial int Stat(byte* path, Status* status);

    /// <summary>The runtime's <c>FileStatus</c>, with room behind it; of its fields one is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(4)]
        public int Mode;
    }
}
