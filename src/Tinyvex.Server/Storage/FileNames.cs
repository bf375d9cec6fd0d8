using System.Globalization;
using System.Runtime.InteropServices;

namespace Tinyvex.Storage;

/// <summary>Names of files: how many one has, and which is free.</summary>
internal static partial class FileNames
{
    /// <summary>The name, or with a number behind it the first that no file has.</summary>
    public static string Free(string name)
    {
        var free = name;
        for (var n = 2; File.Exists(free); n++) free = string.Create(CultureInfo.InvariantCulture, $"{name}-{n}");
        return free;
    }

    /// <summary>Asked on Linux alone, where one structure serves every processor; elsewhere it is one.</summary>
    public static long CountOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return 1;
        try
        {
            return Statx(-100, path, 0, LinkCount, out var status) == 0 ? status.LinkCount : 1;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return 1;
        }
    }

    private const uint LinkCount = 4;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Status status);

    /// <summary><c>struct statx</c>: 256 bytes, of which one field is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(16)]
        public uint LinkCount;
    }
}
