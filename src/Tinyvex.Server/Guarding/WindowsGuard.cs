using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Tinyvex.Guarding;

/// <summary>
/// Windows: the guard puts itself into a job object that dies with its last handle, and only the guard has one.
/// Descendants are born into the job, so whatever ends the guard ends them all, a kill of the guard included.
/// </summary>
/// <remarks>There is no SIGTERM here: a stop is the server closing the agent's input, or the end of the job.</remarks>
[SupportedOSPlatform("windows")]
internal static class WindowsGuard
{
    private const int ErrorFileNotFound = 2;
    private const int ErrorPathNotFound = 3;

    internal static int Run(GuardOptions options)
    {
        if (options.ParentPid is not { } parentPid)
            return Fail("--parent PID is needed on Windows", GuardExitCode.GuardFailed);
        if (!TryEnterJob())
            return Fail($"cannot make a job object: {Marshal.GetLastPInvokeErrorMessage()}", GuardExitCode.GuardFailed);

        using var parent = FindParent(parentPid);
        if (parent is null)
            return GuardExitCode.GuardFailed;

        try
        {
            if (options.MergeOutput)
                _ = Kernel32.SetStdHandle(Kernel32.StdErrorHandle, Kernel32.GetStdHandle(Kernel32.StdOutputHandle));
            // Nothing is redirected, so the agent inherits the guard's standard handles.
            var start = new ProcessStartInfo(options.Command[0], options.Command[1..]) { UseShellExecute = false };
            using var agent = Process.Start(start)!;
            _ = Task.WaitAny(agent.WaitForExitAsync(), parent.WaitForExitAsync());

            // The rest of the tree goes with the job when this process ends.
            return agent.HasExited ? agent.ExitCode : GuardExitCode.GuardFailed;
        }
        catch (Win32Exception e)
        {
            return Fail(
                $"cannot start '{options.Command[0]}': {e.Message}",
                e.NativeErrorCode is ErrorFileNotFound or ErrorPathNotFound
                    ? GuardExitCode.CommandNotFound
                    : GuardExitCode.CannotExecute);
        }
    }

    /// <summary>The parent, or null when it is gone already and its number free or taken by a younger process.</summary>
    private static Process? FindParent(int pid)
    {
        try
        {
            var parent = Process.GetProcessById(pid);
            using var self = Process.GetCurrentProcess();
            if (parent.StartTime <= self.StartTime)
                return parent;
            parent.Dispose();
            return null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The handle is never closed by hand: its end is the end of the job, this process included.</summary>
    private static unsafe bool TryEnterJob()
    {
        var job = Kernel32.CreateJobObject(null, null);
        if (job == 0)
            return false;
        var limits = new JobObjectLimits { LimitFlags = Kernel32.JobObjectLimitKillOnJobClose };
        return Kernel32.SetInformationJobObject(
                job, Kernel32.JobObjectExtendedLimitInformation, &limits, (uint)sizeof(JobObjectLimits))
            && Kernel32.AssignProcessToJobObject(job, Kernel32.GetCurrentProcess());
    }

    private static int Fail(string what, int exitCode)
    {
        Console.Error.WriteLine($"tinyvex guard: {what}");
        return exitCode;
    }
}
