using System.Runtime.InteropServices;

namespace Tinyvex.Guarding;

/// <summary>struct kevent of macOS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelEvent
{
    internal nuint Ident;
    internal short Filter;
    internal ushort Flags;
    internal uint FilterFlags;
    internal nint Data;
    internal nint UserData;
}
