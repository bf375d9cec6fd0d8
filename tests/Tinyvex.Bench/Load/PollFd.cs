using System.Runtime.InteropServices;

namespace Tinyvex.Bench.Load;

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollFd
{
    public const short Readable = 1;

    public int Descriptor;
    public short Wanted;
    public short Happened;
}
