using System.Diagnostics;
using System.Globalization;
using Tinyvex.Guarding;

namespace Tinyvex.Tests.Guarding;

/// <summary>
/// A place to run the real executable in: every process started here carries a mark in its environment, which all its
/// descendants inherit, and by which they are counted and in the end swept away.
/// </summary>
internal sealed class GuardStage : IDisposable
{
    /// <summary>Far above what anything here takes; a test that meets it has failed.</summary>
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly string _mark = $"TINYVEX_TEST_MARK={Guid.NewGuid():N}";
    private readonly string _directory = Directory.CreateTempSubdirectory("tinyvex-guard-").FullName;
    private readonly List<Process> _processes = [];

    /// <summary>The apphost beside the tests, or a published file named from outside.</summary>
    internal static string Binary { get; } =
        Environment.GetEnvironmentVariable("TINYVEX_TEST_BINARY") is { Length: > 0 } path
            ? path
            : Path.Combine(AppContext.BaseDirectory, "tinyvex");

    /// <summary>Starts the guard as the server does, this process being the parent.</summary>
    internal Process StartGuard(string[] command, params string[] options)
    {
        var parent = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Start(Binary, ["guard", "--parent", parent, .. options, "--", .. command]);
    }

    /// <summary>Starts a bash script, in which $GUARD is the executable and $STAGE a directory.</summary>
    internal Process StartScript(string script) => Start("bash", ["-c", script]);

    /// <summary>Waits until a process of the script has written its id into $STAGE/name, and returns the id.</summary>
    internal async Task<int> ReadyAsync(string name)
    {
        var file = Path.Combine(_directory, name);
        var pid = 0;
        await WaitForAsync(
            () => File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out pid),
            ReadyDeadline,
            $"{name} did not get ready");
        return pid;
    }

    /// <summary>Waits until no marked process is left, and tells how long that took.</summary>
    internal async Task<TimeSpan> GoneAsync()
    {
        var watch = Stopwatch.StartNew();
        // Twice, as one look can pass by a process that changes its id all the time.
        await WaitForAsync(() => Alive().Count == 0 && Alive().Count == 0, ReadyDeadline, "processes are left");
        return watch.Elapsed;
    }

    /// <summary>The marked processes. A zombie has no environment any more and does not count.</summary>
    internal List<int> Alive()
    {
        var alive = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid))
                continue;
            try
            {
                if (File.ReadAllText($"{directory}/environ").Contains(_mark, StringComparison.Ordinal))
                    alive.Add(pid);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone since, or not ours.
            }
        }

        return alive;
    }

    public void Dispose()
    {
        var deadline = Stopwatch.StartNew();
        for (var left = Alive(); left.Count > 0 && deadline.Elapsed < ReadyDeadline; left = Alive())
        {
            foreach (var pid in left)
                _ = LibC.Kill(pid, LibC.SigKill);
        }

        foreach (var process in _processes)
            process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task WaitForAsync(Func<bool> condition, TimeSpan deadline, string failure)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(LookAgain);
        while (!condition())
        {
            if (watch.Elapsed > deadline)
                throw new TimeoutException(failure);
            await timer.WaitForNextTickAsync();
        }
    }

    private Process Start(string file, string[] args)
    {
        var start = new ProcessStartInfo(file, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var mark = _mark.Split('=');
        start.Environment[mark[0]] = mark[1];
        start.Environment["STAGE"] = _directory;
        start.Environment["GUARD"] = Binary;
        var process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }
}
