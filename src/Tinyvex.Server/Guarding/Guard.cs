namespace Tinyvex.Guarding;

/// <summary>
/// The verb <c>tinyvex guard [--parent PID] [--grace-ms N] [--merge-output] -- COMMAND ARGS…</c>: the parent of one agent process.
/// When the process that started the guard is gone, however it died, the guard ends the agent and all its descendants.
/// It never touches the agent's data: the agent inherits the guard's own standard streams.
/// </summary>
internal static class Guard
{
    internal static int Run(string[] args)
    {
        var options = GuardOptions.Parse(args, out var error);
        if (options is null)
        {
            // Nobody but the caller's author can mend this, so the usage goes with it.
            Console.Error.WriteLine($"tinyvex guard: {error}\n{GuardOptions.Usage}");
            return GuardExitCode.GuardFailed;
        }

        if (OperatingSystem.IsWindows())
            return WindowsGuard.Run(options);
        if (OperatingSystem.IsLinux())
            return UnixGuard.Run(options, new LinuxProcessTree());
        if (OperatingSystem.IsMacOS())
            return UnixGuard.Run(options, new DarwinProcessTree());

        Console.Error.WriteLine("tinyvex guard: this operating system is not supported");
        return GuardExitCode.GuardFailed;
    }
}
