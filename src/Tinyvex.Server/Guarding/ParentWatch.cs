using System.Runtime.Versioning;

namespace Tinyvex.Guarding;

/// <summary>
/// Sees that the server is gone, in three independent ways: its end of our stderr pipe is closed, its pidfd (Linux)
/// polls readable, or our parent process id has changed. A server that closes the pipe has said goodbye too, even when
/// it lives on.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class ParentWatch : IDisposable
{
    /// <summary>Where there is no pidfd the parent's id is asked for this often, well inside the two seconds promised.</summary>
    private const int AskParentEveryMs = 200;

    private const int StderrFd = 2;

    private readonly int _parentPid;
    private readonly int _pidFd = -1;
    private int _stderrFd = StderrFd;

    internal ParentWatch(int? parentPid)
    {
        _parentPid = parentPid ?? LibC.GetPpid();
        if (OperatingSystem.IsLinux())
            _pidFd = LinuxLibC.PidFdOpen(_parentPid);

        // Asked after the pidfd is open: if the parent is still the parent now, then the pidfd is its own and not that
        // of a later process with the same number.
        IsGone = LibC.GetPpid() != _parentPid;
    }

    internal bool IsGone { get; private set; }

    /// <summary>
    /// Blocks until a signal comes, the parent goes, or the time is over (-1: no limit). Returns early at will: the
    /// caller looks at the state, not at the reason.
    /// </summary>
    internal void Wait(GuardSignals signals, int timeoutMs)
    {
        const int Gone = LibC.PollErr | LibC.PollHup;

        // Once the parent is gone these would all stay ready, and the wait would spin.
        var watching = !IsGone;
        var fds = stackalloc PollFd[3];
        fds[0] = new PollFd { Fd = signals.ReadFd, Events = LibC.PollIn };
        fds[1] = new PollFd { Fd = watching ? _pidFd : -1, Events = LibC.PollIn };
        fds[2] = new PollFd { Fd = watching ? _stderrFd : -1 };

        if (watching && _pidFd < 0 && (timeoutMs < 0 || timeoutMs > AskParentEveryMs))
            timeoutMs = AskParentEveryMs;
        if (LibC.Poll(fds, 3, timeoutMs) < 0)
            return;

        if (fds[0].Has(LibC.PollIn))
            signals.Drain();

        // A stream that was closed from the start says nothing about the parent.
        if (fds[2].Has(LibC.PollNval))
            _stderrFd = -1;

        IsGone |= fds[1].Has(LibC.PollIn) || fds[2].Has(Gone) || LibC.GetPpid() != _parentPid;
    }

    public void Dispose()
    {
        if (_pidFd >= 0)
            _ = LibC.Close(_pidFd);
    }
}
