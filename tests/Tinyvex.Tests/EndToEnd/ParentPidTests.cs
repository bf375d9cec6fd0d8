using System.Diagnostics;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>serve --parent-pid</c>: the server ends in order with a process that is named.</summary>
public class ParentPidTests
{
    [Test]
    [Arguments(true)]
    [Arguments(false)]
    public async Task It_stops_in_order_when_the_process_ends_also_by_a_kill(bool killed)
    {
        if (OperatingSystem.IsWindows()) Skip.Test("needs cat");
        using var folder = new TempFolder();
        // cat ends by itself, with its stdin.
        using var parent = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--parent-pid", $"{parent.Id}"], exitWithStdin: false);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("x"));
        await Assert.That(server.Process.HasExited).IsFalse();

        if (killed) parent.Kill();
        else parent.StandardInput.Close();
        await server.Process.WaitForExitAsync(Deadline.Token());
        await Assert.That(server.Process.ExitCode).IsEqualTo(0);
        await Deadline.UntilAsync(() => server.Errors.Contains("Stopped", StringComparison.Ordinal), "the last line of the log");
        await Assert.That(server.Errors).Contains($"Process {parent.Id} has ended");
        await Assert.That(File.Exists(folder["t.db-wal"])).IsFalse();
    }

    [Test]
    [Arguments("0")]
    [Arguments("-1")]
    [Arguments("me")]
    [Arguments("2147483647")]
    public async Task A_wrong_process_is_exit_code_2(string pid)
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], "--port", "0", "--parent-pid", pid]);
        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(output).IsEqualTo("");
        await Assert.That(errors).Contains("parent-pid");
        await Assert.That(File.Exists(folder["t.db"])).IsFalse();
    }

    [Test]
    public async Task A_process_that_has_ended_already_is_wrong_too()
    {
        using var folder = new TempFolder();
        using var process = Process.Start(new ProcessStartInfo(TestBinary.Path, "--version") { RedirectStandardOutput = true })!;
        var pid = process.Id;
        await process.WaitForExitAsync(Deadline.Token());
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], "--port", "0", "--parent-pid", $"{pid}"]);
        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(errors).Contains($"{pid} is none");
    }
}
