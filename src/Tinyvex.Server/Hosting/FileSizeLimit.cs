using System.Runtime.InteropServices;

namespace Tinyvex.Hosting;

/// <summary>
/// A file that may not grow any more (<c>ulimit -f</c>) would end the process, by a signal to whoever writes to it. With this the write fails
/// instead, as it does on a disk that is full.
/// </summary>
internal static class FileSizeLimit
{
    /// <summary>SIGXFSZ has this number on Linux and macOS; the runtime has no name for it.</summary>
    private const int SigXfsz = 25;

    /// <summary>Lets writes fail until it is disposed; null where there is no such limit.</summary>
    public static IDisposable? LetWritesFail() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)SigXfsz, context => context.Cancel = true);
}
