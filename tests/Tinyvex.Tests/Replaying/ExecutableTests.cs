using System.Diagnostics;

namespace Tinyvex.Tests.Replaying;

public class ExecutableTests
{
    [Test]
    public async Task The_program_plays_over_its_standard_streams()
    {
        using var process = Start("replay", Transcripts.Path("codex-acp-full.jsonl"), "--speed", "max");
        await using var client = new ReplayClient(
            process.StandardInput.BaseStream, process.StandardOutput.BaseStream, ExitAsync(process));
        var session = await client.OpenSessionAsync();
        var answer = await client.PromptAsync(session);

        await Assert.That(answer.GetProperty("result").GetProperty("stopReason").GetString()).IsEqualTo("end_turn");
        await Assert.That(client.Updates().Length).IsEqualTo(276);
        await Assert.That(await client.EndAsync()).IsEqualTo(0);
    }

    [Test]
    [Arguments("replay no/such/file.jsonl", "tinyvex replay: no/such/file.jsonl: ")]
    [Arguments("replay --speed slow", "tinyvex: --speed is ")]
    [Arguments("replay --quick", "tinyvex: there is no option --quick")]
    public async Task A_bad_argument_ends_it_with_2_and_says_why(string arguments, string reason)
    {
        using var process = Start(arguments.Split(' '));
        var errors = await process.StandardError.ReadToEndAsync().WaitAsync(ReplayClient.Limit);

        await Assert.That(errors).StartsWith(reason);
        await Assert.That(await ExitAsync(process)).IsEqualTo(2);
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tinyvex.exe" : "tinyvex"), arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<int> ExitAsync(Process process)
    {
        await process.WaitForExitAsync().WaitAsync(ReplayClient.Limit);
        return process.ExitCode;
    }
}
