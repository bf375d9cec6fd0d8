using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Tinyvex.Guarding;

/// <summary>
/// Turns signals into something poll(2) can wait for: a signal writes a byte into a pipe. Handlers run on runtime
/// threads; all decisions stay on the one thread that polls <see cref="ReadFd"/>.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class GuardSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly int _writeFd;
    private volatile bool _stopAsked;
    private int _awake;

    internal GuardSignals()
    {
        var fds = stackalloc int[2];
        // The agent must not inherit the pipe. On macOS pipe2 is missing and the spawn attributes close it instead.
        var result = OperatingSystem.IsLinux() ? LinuxLibC.Pipe2(fds, LinuxLibC.OCloseOnExec) : LibC.Pipe(fds);
        if (result != 0)
            throw new IOException($"pipe: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        (ReadFd, _writeFd) = (fds[0], fds[1]);

        // A parent that ignores SIGCHLD would have the kernel throw exit codes away, and one that ignores SIGTERM would
        // make the guard deaf: the runtime keeps an ignored signal ignored. SIGINT and SIGHUP may stay ignored, since
        // that is how nohup and background jobs say that the terminal has no say.
        StopIgnoring(LibC.SigChld);
        StopIgnoring(LibC.SigTerm);

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Wake()),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, AskToStop),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, AskToStop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, AskToStop),
        ];
    }

    /// <summary>Readable after a signal.</summary>
    internal int ReadFd { get; }

    internal bool StopAsked => _stopAsked;

    /// <summary>
    /// Makes <see cref="ReadFd"/> quiet again. To be called only after poll said that there is something, as the read
    /// blocks, and before the state is looked at.
    /// </summary>
    internal void Drain()
    {
        // First the byte, then the mark. A signal in between writes no byte, but the caller looks at the state after
        // this; the other way round its byte could be swallowed and the mark left standing, deaf to all that follow.
        byte any;
        _ = LibC.Read(ReadFd, &any, 1);
        _ = Interlocked.Exchange(ref _awake, 0);
    }

    /// <summary>
    /// The pipe itself stays open until the process ends: a handler may still be on its way to it, and by then the
    /// number could belong to another file.
    /// </summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private static void StopIgnoring(int signal)
    {
        const nint Default = 0;
        const nint Ignored = 1;

        // The handler is the first field of struct sigaction on Linux x64, Linux arm64 and macOS.
        var current = stackalloc byte[LibC.OpaqueStructSize];
        if (LibC.SigAction(signal, null, current) == 0 && *(nint*)current == Ignored)
            _ = LibC.Signal(signal, Default);
    }

    private void AskToStop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopAsked = true;
        Wake();
    }

    /// <summary>One byte is enough however many signals come; a storm of dying children must not fill the pipe.</summary>
    private void Wake()
    {
        if (Interlocked.Exchange(ref _awake, 1) != 0)
            return;
        byte any = 0;
        _ = LibC.Write(_writeFd, &any, 1);
    }
}
