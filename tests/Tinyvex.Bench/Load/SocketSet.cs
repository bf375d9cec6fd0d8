using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Tinyvex.Bench.Load;

/// <summary>
/// Sockets that one thread reads, whichever has something. <c>poll</c> itself, since the framework's asynchronous reads of hundreds of
/// sockets would cost more than the server that is measured.
/// </summary>
internal sealed partial class SocketSet(IReadOnlyList<LoadSocket> sockets)
{
    private const int Interrupted = 4;

    private readonly PollFd[] _entries =
        [.. sockets.Select(socket => new PollFd { Descriptor = socket.Descriptor, Wanted = PollFd.Readable })];

    /// <summary>Waits for something to read, and calls back for each socket that has it.</summary>
    public void Wait(int milliseconds, Action<LoadSocket> readable)
    {
        var ready = Poll(_entries, (nuint)_entries.Length, milliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() is var error && error != Interrupted) throw new Win32Exception(error);
        for (var i = 0; i < _entries.Length && ready > 0; i++)
        {
            if (_entries[i].Happened == 0) continue;
            ready--;
            readable(sockets[i]);
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll([In, Out] PollFd[] entries, nuint count, int milliseconds);
}
