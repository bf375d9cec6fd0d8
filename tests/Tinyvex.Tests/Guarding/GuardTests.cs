using System.Diagnostics;
using System.Security.Cryptography;
using Tinyvex.Guarding;
using TUnit.Core.Enums;

namespace Tinyvex.Tests.Guarding;

/// <summary>The guard as the ordinary parent of an agent.</summary>
[RunOn(OS.Linux)]
[NotInParallel(nameof(GuardTests))]
public class GuardTests
{
    [Test, Timeout(30_000)]
    [Arguments("exit 0", 0)]
    [Arguments("exit 42", 42)]
    [Arguments("kill -9 $$", 128 + 9)]
    [Arguments("kill -15 $$", 128 + 15)]
    public async Task The_exit_code_is_the_agents(string script, int code, CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(["bash", "-c", script]);
        await guard.WaitForExitAsync(cancellation);
        await Assert.That(guard.ExitCode).IsEqualTo(code);
    }

    [Test, Timeout(30_000)]
    public async Task A_command_that_is_not_there_is_named_and_exits_127(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(["no-such-agent", "acp"]);
        var message = await guard.StandardError.ReadToEndAsync(cancellation);
        await guard.WaitForExitAsync(cancellation);
        await Assert.That(message).IsEqualTo("tinyvex guard: cannot start 'no-such-agent': No such file or directory\n");
        await Assert.That(guard.ExitCode).IsEqualTo(127);
    }

    [Test, Timeout(30_000)]
    public async Task A_file_that_is_not_executable_exits_126(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(["/etc/passwd"]);
        var message = await guard.StandardError.ReadToEndAsync(cancellation);
        await guard.WaitForExitAsync(cancellation);
        await Assert.That(message).IsEqualTo("tinyvex guard: cannot start '/etc/passwd': Permission denied\n");
        await Assert.That(guard.ExitCode).IsEqualTo(126);
    }

    [Test, Timeout(30_000)]
    public async Task The_streams_pass_byte_for_byte(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var sent = RandomNumberGenerator.GetBytes(1024 * 1024);
        var guard = stage.StartGuard(["bash", "-c", "tee /dev/stderr"]);

        var output = ReadAllAsync(guard.StandardOutput.BaseStream, cancellation);
        var errors = ReadAllAsync(guard.StandardError.BaseStream, cancellation);
        await guard.StandardInput.BaseStream.WriteAsync(sent, cancellation);
        guard.StandardInput.Close();

        await Assert.That((await output).AsSpan().SequenceEqual(sent)).IsTrue();
        await Assert.That((await errors).AsSpan().SequenceEqual(sent)).IsTrue();
    }

    [Test, Timeout(30_000)]
    public async Task Arguments_and_environment_pass_unchanged(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(
            ["bash", "-c", """printf '%s|' "$@" "${GUARD##*/}" """, "bash", "--", "a b", "", "ü'\"*", "--parent"]);
        var output = await guard.StandardOutput.ReadToEndAsync(cancellation);
        await Assert.That(output).IsEqualTo($"--|a b||ü'\"*|--parent|{Path.GetFileName(GuardStage.Binary)}|");
    }

    [Test, Timeout(30_000)]
    public async Task The_agent_has_the_default_SIGPIPE(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(["bash", "-c", "yes | head -1; echo ${PIPESTATUS[0]}"]);
        var output = await guard.StandardOutput.ReadToEndAsync(cancellation);
        await Assert.That(output).IsEqualTo("y\n141\n");
    }

    [Test, Timeout(30_000)]
    public async Task The_agent_holds_no_file_of_the_guard(CancellationToken cancellation)
    {
        const string List = "echo /proc/self/fd/*";
        using var stage = new GuardStage();
        var output = await stage.StartGuard(["bash", "-c", List]).StandardOutput.ReadToEndAsync(cancellation);
        // Whoever runs the tests may have left files open for every child, so the measure is a child without a guard.
        var without = await stage.StartScript(List).StandardOutput.ReadToEndAsync(cancellation);
        await Assert.That(output).IsEqualTo(without);
    }

    [Test, Timeout(30_000)]
    public async Task SIGTERM_lets_the_agent_finish(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(
            ["bash", "-c", "trap 'echo bye; exit 7' TERM; echo $$ > $STAGE/agent; while :; do sleep 0.05; done"],
            "--grace-ms", "20000");
        await stage.ReadyAsync("agent");

        _ = LibC.Kill(guard.Id, LibC.SigTerm);

        await Assert.That(await guard.StandardOutput.ReadToEndAsync(cancellation)).IsEqualTo("bye\n");
        await guard.WaitForExitAsync(cancellation);
        await Assert.That(guard.ExitCode).IsEqualTo(7);
    }

    [Test, Timeout(30_000)]
    public async Task SIGTERM_wakes_a_stopped_agent_to_let_it_finish(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(
            ["bash", "-c", "trap 'exit 7' TERM; echo $$ > $STAGE/agent; kill -STOP $$; sleep 30"], "--grace-ms", "20000");
        await stage.ReadyAsync("agent");

        _ = LibC.Kill(guard.Id, LibC.SigTerm);

        await guard.WaitForExitAsync(cancellation);
        await Assert.That(guard.ExitCode).IsEqualTo(7);
    }

    [Test, Timeout(30_000)]
    public async Task SIGTERM_ends_in_SIGKILL_for_the_stubborn(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(
            ["bash", "-c", $"trap '' TERM; {Families.Daemon} {Families.OwnSession} wait"], "--grace-ms", "200");
        await stage.ReadyAsync(nameof(Families.Daemon));
        await stage.ReadyAsync(nameof(Families.OwnSession));

        var watch = Stopwatch.StartNew();
        _ = LibC.Kill(guard.Id, LibC.SigTerm);
        await guard.WaitForExitAsync(cancellation);

        await Assert.That(watch.Elapsed).IsGreaterThan(TimeSpan.FromMilliseconds(190));
        await Assert.That(guard.ExitCode).IsEqualTo(128 + 9);
        await Assert.That(stage.Alive()).IsEmpty();
    }

    [Test, Timeout(30_000)]
    public async Task Nothing_of_the_agent_outlives_it(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        const string Ready = "until [ -s $STAGE/OwnSession ]; do sleep 0.01; done";
        var guard = stage.StartGuard(["bash", "-c", $"{Families.Daemon} {Families.OwnSession} {Ready}; exit 5"]);

        // The leftovers hold the output open, so its end shows their death as well.
        _ = await guard.StandardOutput.ReadToEndAsync(cancellation);
        await guard.WaitForExitAsync(cancellation);

        await Assert.That(guard.ExitCode).IsEqualTo(5);
        await Assert.That(stage.Alive()).IsEmpty();
    }

    [Test, Timeout(30_000)]
    public async Task Orphans_are_reaped_while_the_agent_runs(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(
            ["bash", "-c", "for i in {1..20}; do perl -e 'fork and exit; exit'; done; echo $$ > $STAGE/agent; read line"]);
        await stage.ReadyAsync("agent");

        var children = new List<string>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        do
        {
            children.Clear();
            foreach (var directory in Directory.EnumerateDirectories("/proc", "*"))
            {
                if (char.IsAsciiDigit(Path.GetFileName(directory)[0]) && IsChildOf(guard.Id, directory))
                    children.Add(directory);
            }
        }
        while (children.Count > 1 && await timer.WaitForNextTickAsync(cancellation));

        // The agent itself.
        await Assert.That(children.Count).IsEqualTo(1);
    }

    [Test, Timeout(30_000)]
    public async Task A_guard_at_rest_uses_no_processor_time(CancellationToken cancellation)
    {
        using var stage = new GuardStage();
        var guard = stage.StartGuard(["bash", "-c", "echo $$ > $STAGE/agent; read line"]);
        await stage.ReadyAsync("agent");

        var before = guard.TotalProcessorTime;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        await timer.WaitForNextTickAsync(cancellation);
        guard.Refresh();

        await Assert.That(guard.TotalProcessorTime - before).IsLessThan(TimeSpan.FromMilliseconds(100));
    }

    private static bool IsChildOf(int parent, string directory)
    {
        try
        {
            return File.ReadAllText($"{directory}/status").Contains($"\nPPid:\t{parent}\n", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, cancellation);
        return all.ToArray();
    }
}
