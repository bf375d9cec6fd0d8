using System.Runtime.InteropServices;

namespace Tinyvex.Guarding;

/// <summary>struct pollfd of poll(2); the same on Linux and macOS. A negative descriptor is skipped by the kernel.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollFd
{
    internal int Fd;
    internal short Events;
    internal short Returned;

    internal readonly bool Has(int events) => (Returned & events) != 0;
}
