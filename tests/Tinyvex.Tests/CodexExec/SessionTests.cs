using System.Diagnostics;
using Tinyvex.Tests.Replaying;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.CodexExec;

/// <summary>What stays of a session when the process is another one.</summary>
public class SessionTests
{
    [Test]
    public async Task A_session_goes_on_in_a_later_process_with_its_thread_and_its_mode()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("the codex of this test is a script");
        using var folder = new TempFolder();
        FakeCodex.Write(folder);
        string session;
        await using (var before = Start(folder))
        {
            session = (await before.CallAsync("session/new", $$"""{"cwd":"{{folder.Path}}","mcpServers":[]}""")).GetProperty("result").Text("sessionId")!;
            await before.CallAsync("session/prompt", Prompt(session, "Hello"));
            await before.CallAsync("session/set_mode", $$"""{"sessionId":"{{session}}","modeId":"read-only"}""");
            await before.EndAsync();
        }

        await using var after = Start(folder);
        var resumed = await after.CallAsync("session/resume", $$"""{"sessionId":"{{session}}","cwd":"{{folder.Path}}"}""");
        var end = await after.CallAsync("session/prompt", Prompt(session, "More"));
        var unknown = await after.CallAsync("session/resume", $$"""{"sessionId":"../../etc","cwd":"{{folder.Path}}"}""");
        await after.CallAsync("session/delete", $$"""{"sessionId":"{{session}}"}""");
        var gone = await after.CallAsync("session/prompt", Prompt(session, "Still?"));

        await Assert.That(resumed.GetProperty("result").GetProperty("modes").Text("currentModeId")).IsEqualTo("read-only");
        await Assert.That(end.GetProperty("result").Text("stopReason")).IsEqualTo("end_turn");
        await Assert.That(end.GetProperty("result").GetProperty("usage").GetProperty("totalTokens").GetInt64()).IsEqualTo(9);
        await Assert.That(FakeCodex.Arguments(FakeCodex.Calls(folder)[1])).Contains("--config sandbox_mode=\"read-only\" --model m resume thread-1 -");
        await Assert.That((unknown.GetProperty("error").Number("code"), gone.GetProperty("error").Number("code"))).IsEqualTo((-32002, -32002));
    }

    private static string Prompt(string session, string text) => $$"""{"sessionId":"{{session}}","prompt":[{"type":"text","text":"{{text}}"}]}""";

    private static ReplayClient Start(TempFolder folder)
    {
        var start = new ProcessStartInfo(
            TestBinary.Path, ["codex-exec", "--codex", Path.Combine(folder["bin"], "codex"), "--sessions", folder["sessions"], "--", "--model", "m"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        return new ReplayClient(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, ExitAsync(process));

        static async Task<int> ExitAsync(Process process)
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }
}
