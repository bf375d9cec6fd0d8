using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Tinyvex.Guarding;

/// <summary>
/// The guard of Linux and macOS. One thread polls and is the only one that reaps and kills, so a process number it
/// holds cannot come to mean another process.
/// </summary>
/// <remarks>
/// <code>
/// running --agent exited----------> leaving (SIGTERM to what is left, ShortGraceMs)  --> killing --> exit
///         --server gone-----------> leaving (SIGTERM to all, ShortGraceMs)           -->
///         --SIGTERM, INT, HUP-----> leaving (SIGTERM to all, the asked grace)        -->
/// </code>
/// Each state ends early when no child is left. The guard does not exit while a descendant lives, except after
/// <see cref="GiveUpMs"/> of SIGKILL in vain.
/// If the guard itself is killed with SIGKILL, the agent sees end of file on its input once the server closes it, and
/// the server sees the guard's exit; nothing else is promised then. So the server never does that.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixGuard
{
    /// <summary>Nobody waits for the agent's last words any more, and all must be gone within two seconds.</summary>
    private const int ShortGraceMs = 300;

    /// <summary>Pause between two kill passes when nothing happens; the death of a child cuts it short.</summary>
    private const int KillPassMs = 10;

    /// <summary>Only a process in uninterruptible sleep or of another user outlives SIGKILL this long.</summary>
    private const int GiveUpMs = 5000;

    private const int StdinFd = 0;
    private const int StdoutFd = 1;
    private const int StderrFd = 2;

    private readonly GuardOptions _options;
    private readonly ProcessTree _tree;
    private readonly GuardSignals _signals;
    private readonly ParentWatch _parent;
    private int _agentPid;
    private int? _agentStatus;
    private bool _hasChildren = true;

    private UnixGuard(GuardOptions options, ProcessTree tree, GuardSignals signals, ParentWatch parent)
    {
        _options = options;
        _tree = tree;
        _signals = signals;
        _parent = parent;
    }

    internal static int Run(GuardOptions options, ProcessTree tree)
    {
        // Out of the terminal's foreground: Ctrl-C is for the server, which cancels a turn with it, or ends its agents in order.
        _ = LibC.SetPgid(0, 0);
        using var signals = new GuardSignals();
        using var parent = new ParentWatch(options.ParentPid);
        tree.Prepare();
        return new UnixGuard(options, tree, signals, parent).Run();
    }

    private int Run()
    {
        if (_parent.IsGone)
            return GuardExitCode.GuardFailed;

        var error = AgentSpawn.Start(_options.Command, _options.MergeOutput, out _agentPid);
        if (error != 0)
        {
            Complain($"cannot start '{_options.Command[0]}': {Marshal.GetPInvokeErrorMessage(error)}");
            return error == LibC.Enoent ? GuardExitCode.CommandNotFound : GuardExitCode.CannotExecute;
        }

        LetGoOfPipes();
        while (_agentStatus is null && !_parent.IsGone && !_signals.StopAsked)
        {
            _parent.Wait(_signals, timeoutMs: -1);
            Reap();
        }

        if (IsAnyAlive())
            Leave();
        if (IsAnyAlive())
            KillAll();
        if (_options.MergeOutput && _agentStatus is { } status && (status & 0x7f) != 0)
            Complain(GuardSignal.EndedBy(status & 0x7f));
        return ExitCode();
    }

    /// <summary>The polite part: SIGTERM, then time to act on it.</summary>
    private void Leave()
    {
        var askedToStop = _agentStatus is null && !_parent.IsGone;
        var deadline = Environment.TickCount64 + (askedToStop ? _options.GraceMs : ShortGraceMs);
        _tree.Signal(_agentPid, LibC.SigTerm);
        // A stopped process takes no SIGTERM before it goes on.
        _tree.Signal(_agentPid, LibC.SigCont);

        while (IsAnyAlive())
        {
            if (askedToStop && _parent.IsGone)
            {
                askedToStop = false;
                deadline = Math.Min(deadline, Environment.TickCount64 + ShortGraceMs);
            }

            var left = deadline - Environment.TickCount64;
            if (left <= 0)
                return;
            // Where orphans are not ours to reap, nothing wakes us at their end.
            _parent.Wait(_signals, _hasChildren ? (int)left : Math.Min((int)left, KillPassMs));
            Reap();
        }
    }

    private void KillAll()
    {
        var deadline = Environment.TickCount64 + GiveUpMs;
        while (true)
        {
            _tree.Signal(_agentPid, LibC.SigKill);
            var reaped = Reap();
            if (!IsAnyAlive())
                return;
            if (Environment.TickCount64 > deadline)
            {
                Complain("gave up: some descendants of the agent do not die");
                return;
            }

            // A death may just have made orphans ours, so look again at once; the pass after the last one finds rest.
            if (!reaped)
                _parent.Wait(_signals, KillPassMs);
        }
    }

    /// <summary>
    /// Input and output are the agent's own from here on. A guard that held their ends as well would hide from the server that the
    /// agent has closed them.
    /// </summary>
    private static void LetGoOfPipes()
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _ = LibC.Dup2((int)nothing.DangerousGetHandle(), StdinFd);
        _ = LibC.Dup2((int)nothing.DangerousGetHandle(), StdoutFd);
    }

    private bool IsAnyAlive() => _hasChildren || _tree.HasStrays();

    /// <summary>Takes the status of every child that has exited; says whether there was any.</summary>
    private unsafe bool Reap()
    {
        const int AnyChild = -1;
        var any = false;
        while (true)
        {
            int status;
            var pid = LibC.WaitPid(AnyChild, &status, LibC.WNoHang);
            if (pid > 0)
            {
                any = true;
                if (pid == _agentPid)
                    _agentStatus = status;
                continue;
            }

            if (pid < 0 && Marshal.GetLastPInvokeError() == LibC.Eintr)
                continue;
            _hasChildren = pid == 0;
            return any;
        }
    }

    /// <summary>The status word of waitpid(2): the low seven bits are the signal, the next byte the exit code.</summary>
    private int ExitCode() => _agentStatus switch
    {
        null => GuardExitCode.GuardFailed,
        int status when (status & 0x7f) != 0 => GuardExitCode.SignalBase + (status & 0x7f),
        int status => (status >> 8) & 0xff,
    };

    /// <summary>
    /// One line on stderr, only if it fits: the stream is the agent's, and a server that does not read it must not be
    /// able to hold the guard. A pipe that polls writable takes at least 4096 bytes, more than this line has.
    /// </summary>
    private static unsafe void Complain(string what)
    {
        var line = Encoding.UTF8.GetBytes($"{GuardSignal.LineStart}{what}\n");
        var fd = new PollFd { Fd = StderrFd, Events = LibC.PollOut };
        if (LibC.Poll(&fd, 1, 0) <= 0 || !fd.Has(LibC.PollOut))
            return;
        fixed (byte* start = line)
            _ = LibC.Write(StderrFd, start, (nuint)line.Length);
    }
}
