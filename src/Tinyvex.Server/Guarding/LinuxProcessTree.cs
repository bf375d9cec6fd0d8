using System.Globalization;
using System.IO.Enumeration;

namespace Tinyvex.Guarding;

/// <summary>
/// Linux: the guard is a subreaper, so a descendant whose parent dies becomes the guard's child, whatever it did with
/// sessions and double forks. "No child left" therefore means "no descendant left".
/// </summary>
/// <remarks>
/// The tree is read from the parent ids in /proc/PID/stat. The shorter way, /proc/PID/task/TID/children, is an option
/// of the kernel that is not always built in. Zombies count on purpose: they keep the group of an ancestor known while
/// its children fork and exit faster than /proc can be read. A scan must therefore come before the reaping, on the
/// same thread.
/// <para>
/// Out of reach: what was never a descendant (jobs given to systemd, at, a container daemon, a terminal multiplexer
/// that already ran), processes of another user (sudo), and a guard that is itself killed or stopped.
/// </para>
/// </remarks>
internal sealed unsafe class LinuxProcessTree : ProcessTree
{
    /// <summary>The ids stand in the first hundred bytes; a name holds at most 64.</summary>
    private const int StatBytes = 512;

    private readonly List<int> _pids = [];
    private readonly List<ProcessEntry> _others = [];
    private readonly HashSet<int> _family = [];

    internal override void Prepare()
    {
        if (!LinuxLibC.BecomeSubreaper())
            throw new PlatformNotSupportedException("prctl(PR_SET_CHILD_SUBREAPER) failed");

        // A name that does not begin like the server's: "pkill -9 tinyvex" should leave the guards to do their work.
        LinuxLibC.SetName("agent-guard\0"u8);
    }

    internal override void Signal(int agentPid, int signal)
    {
        var self = LibC.GetPid();
        ListPids();
        _others.Clear();
        _family.Clear();
        _family.Add(self);

        // Newest first, and children of the guard at once: a process that forks and exits all the time is only there
        // for a moment. Reading on would lose it.
        for (var i = _pids.Count - 1; i >= 0; i--)
        {
            if (!TryReadEntry(_pids[i], out var entry))
                continue;
            if (entry.ParentPid != self)
            {
                _others.Add(entry);
                continue;
            }

            _family.Add(entry.Pid);
            SignalGroup(entry.Group, signal);

            // It may have left the group since. Its number is safe to use, for only this thread can reap it. Signals
            // other than SIGKILL are not sent twice, as many programs take the second for impatience.
            if (signal == LibC.SigKill)
                _ = LibC.Kill(entry.Pid, signal);
        }

        while (TakeNextGeneration(signal))
        {
            // Every round goes one level down.
        }
    }

    internal override bool HasStrays() => false;

    private bool TakeNextGeneration(int signal)
    {
        var found = false;
        for (var i = _others.Count - 1; i >= 0; i--)
        {
            var entry = _others[i];
            if (!_family.Contains(entry.ParentPid))
                continue;
            found = true;
            _others.RemoveAt(i);
            _family.Add(entry.Pid);
            // The group cannot be a stranger's by now: process numbers are given out in a circle, and that takes far
            // longer to go round than this scan.
            SignalGroup(entry.Group, signal);
        }

        return found;
    }

    private void ListPids()
    {
        _pids.Clear();
        _pids.AddRange(new FileSystemEnumerable<int>("/proc", ReadPid) { ShouldIncludePredicate = IsProcess });
    }

    private static bool IsProcess(ref FileSystemEntry entry) => char.IsAsciiDigit(entry.FileName[0]);

    private static int ReadPid(ref FileSystemEntry entry) =>
        int.Parse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>
    /// The line is "pid (name) state ppid pgrp …"; the name may hold spaces and parentheses. See proc_pid_stat(5).
    /// </summary>
    private static bool TryReadEntry(int pid, out ProcessEntry entry)
    {
        entry = default;
        Span<byte> buffer = stackalloc byte[StatBytes];
        if (!TryReadStat(pid, buffer, out var length))
            return false;

        var rest = buffer[..length];
        rest = rest[(rest.LastIndexOf((byte)')') + 1)..];
        if (rest.Length < 3)
            return false;
        rest = rest[3..];
        return TryTakeNumber(ref rest, out var parentPid)
            && TryTakeNumber(ref rest, out var group)
            && (entry = new ProcessEntry(pid, parentPid, group)).Pid > 0;
    }

    /// <summary>Plain open and read: a process that has gone is the normal case here and not worth an exception.</summary>
    private static bool TryReadStat(int pid, Span<byte> buffer, out int length)
    {
        length = 0;
        Span<byte> path = stackalloc byte[32];
        "/proc/"u8.CopyTo(path);
        _ = pid.TryFormat(path[6..], out var digits, provider: CultureInfo.InvariantCulture);
        "/stat\0"u8.CopyTo(path[(6 + digits)..]);

        fixed (byte* pathStart = path)
        fixed (byte* bufferStart = buffer)
        {
            var fd = LinuxLibC.Open(pathStart, LinuxLibC.OCloseOnExec);
            if (fd < 0)
                return false;
            length = (int)LibC.Read(fd, bufferStart, (nuint)buffer.Length);
            _ = LibC.Close(fd);
            return length > 0;
        }
    }

    private static bool TryTakeNumber(ref Span<byte> text, out int number)
    {
        text = text.TrimStart((byte)' ');
        if (!System.Buffers.Text.Utf8Parser.TryParse(text, out number, out var consumed))
            return false;
        text = text[consumed..];
        return true;
    }
}
