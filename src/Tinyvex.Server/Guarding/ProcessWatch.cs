using System.Diagnostics;
using System.Runtime.Versioning;

namespace Tinyvex.Guarding;

/// <summary>
/// Sees the end of a process that need be no child of ours: by its pidfd on Linux, a kernel queue on macOS, its handle on Windows. None of them
/// takes a later process with the same number for it.
/// </summary>
public sealed class ProcessWatch : IDisposable
{
    /// <summary>Where the kernel (Linux before 5.3) cannot tell, it is asked this often.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process? _held;

    private ProcessWatch(Action wait)
    {
        // A thread of its own: none of these waits can be cancelled, and a process ends without waiting for this one.
        new Thread(() =>
        {
            wait();
            _ended.TrySetResult();
        })
        { IsBackground = true, Name = "tinyvex parent" }.Start();
    }

    private ProcessWatch(Process process)
    {
        _held = process;
        _ = WaitAsync(process);
    }

    /// <summary>Ends when the process has.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Watches a process; null where there is none of that id, or it may not be watched.</summary>
    public static ProcessWatch? Open(int pid)
    {
        if (pid <= 0 || pid == Environment.ProcessId) return null;
        if (OperatingSystem.IsWindows()) return OfWindows(pid);
        return OperatingSystem.IsMacOS() ? OfMacOS(pid) : OfLinux(pid);
    }

    [UnsupportedOSPlatform("windows")]
    private static unsafe ProcessWatch? OfLinux(int pid)
    {
        var descriptor = LinuxLibC.PidFdOpen(pid);
        if (descriptor < 0) return LibC.Kill(pid, 0) == 0 ? new ProcessWatch(() => AskUntilGone(pid)) : null;
        return new ProcessWatch(() =>
        {
            var ended = new PollFd { Fd = descriptor, Events = LibC.PollIn };
            while (LibC.Poll(&ended, 1, -1) < 0)
            {
                // A signal came in between.
            }

            _ = LibC.Close(descriptor);
        });
    }

    [UnsupportedOSPlatform("windows")]
    private static ProcessWatch? OfMacOS(int pid)
    {
        var queue = DarwinLibC.WatchExit(pid);
        if (queue < 0) return null;
        return new ProcessWatch(() =>
        {
            DarwinLibC.WaitForExit(queue);
            _ = LibC.Close(queue);
        });
    }

    [SupportedOSPlatform("windows")]
    private static ProcessWatch? OfWindows(int pid)
    {
        try
        {
            var process = Process.GetProcessById(pid);
            // The handle is opened here, and is of this process for as long as it is held.
            _ = process.SafeHandle;
            return new ProcessWatch(process);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static unsafe void AskUntilGone(int pid)
    {
        while (LibC.Kill(pid, 0) == 0) _ = LibC.Poll(null, 0, (int)AskEvery.TotalMilliseconds);
    }

    private async Task WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        _ended.TrySetResult();
    }

    public void Dispose() => _held?.Dispose();
}
