using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>tinyvex run</c> where an agent asks for permission: beforehand, on a terminal, and with others about.</summary>
public class TerminalRunPermissionTests
{
    private const string Asks = "prompt = async () => { const { result } = await permit(); say('It said ' + (result.outcome.optionId ?? result.outcome.outcome)); };";

    private static string[] Run(TempFolder folder, params string[] arguments) =>
        ["run", "--db", folder["t.db"], "--agent", "agent=" + AgentScript.Write(folder, Asks), .. arguments, "Hello"];

    [Test]
    [Arguments("allow", "yes")]
    [Arguments("reject", "no")]
    [Arguments(null, "no")]
    public async Task Where_nobody_can_type_the_answer_is_given_beforehand_and_is_no_by_default(string? mode, string answer)
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ServerProcess.RunAsync(Run(folder, mode is null ? [] : ["--permissions", mode]));

        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(output).Contains("It said " + answer);
        await Assert.That(errors).Contains("The agent asks to: Write a file. Answered with: " + (answer == "yes" ? "Yes" : "No"));
    }

    [Test]
    [Arguments(false)]
    [Arguments(true)]
    public async Task What_the_policy_allows_is_not_asked(bool onTerminal)
    {
        using var folder = new TempFolder();
        await using var run = onTerminal ? RunProcess.StartOnTerminal(Run(folder, "--policy", "allow-all")) : RunProcess.Start(Run(folder, "--policy", "allow-all"));
        await Assert.That(await run.EndAsync()).IsEqualTo(0);
        await Assert.That(run.Output).Contains("It said yes").And.DoesNotContain("? Write a file").And.DoesNotContain("asks to").And.DoesNotContain("client");
    }

    [Test]
    public async Task An_unknown_mode_is_refused()
    {
        using var folder = new TempFolder();
        var (exitCode, _, errors) = await ServerProcess.RunAsync(Run(folder, "--permissions", "maybe"));
        await Assert.That((exitCode, errors.Contains("ask, reject or allow", StringComparison.Ordinal))).IsEqualTo((2, true));
    }

    [Test]
    public async Task Ask_without_a_terminal_leaves_it_to_another_client()
    {
        await using var stage = await AgentStage.ScriptAsync(Asks);
        await using var run = RunProcess.Start(["run", "--db", stage.Folder["t.db"], "--permissions", "ask", "Hello"]);
        await run.UntilAsync("Another client has to answer");
        await AnswerAsync(stage, "yes");

        await Assert.That(await run.EndAsync()).IsEqualTo(0);
        await Assert.That(run.Output).Contains("It said yes");
    }

    [Test]
    [Arguments("1\r", "yes")]
    [Arguments("y\r", "yes")]
    [Arguments("\r2\r", "no")]
    [Arguments("7\rN\r", "no")]
    [Arguments("\u0004", "no")]
    public async Task On_a_terminal_it_is_asked(string keys, string answer)
    {
        using var folder = new TempFolder();
        await using var run = RunProcess.StartOnTerminal(Run(folder));
        await run.UntilAsync("(n, reject once)");
        await run.UntilAsync("> ");
        await run.TypeAsync(keys);

        await Assert.That(await run.EndAsync()).IsEqualTo(0);
        await Assert.That(run.Output).Contains("? Write a file").And.Contains("1 Yes").And.Contains("It said " + answer);
    }

    [Test]
    public async Task On_a_terminal_a_question_that_another_client_answers_is_taken_back()
    {
        await using var stage = await AgentStage.ScriptAsync(Asks);
        await using var run = RunProcess.StartOnTerminal(["run", "--db", stage.Folder["t.db"], "Hello"]);
        await run.UntilAsync("(n, reject once)");
        await AnswerAsync(stage, "yes");

        await Assert.That(await run.EndAsync()).IsEqualTo(0);
        await Assert.That(run.Output).Contains("answered by another client: Yes").And.Contains("It said yes");
    }

    [Test]
    public async Task Ctrl_C_at_a_question_cancels_the_turn()
    {
        using var folder = new TempFolder();
        await using var run = RunProcess.StartOnTerminal(Run(folder));
        await run.UntilAsync("(n, reject once)");
        await run.TypeAsync("\u0003");

        await Assert.That(await run.EndAsync()).IsEqualTo(130);
        await Assert.That(run.Output).Contains("Cancelling the turn").And.DoesNotContain("It said yes");
    }

    private static async Task AnswerAsync(AgentStage stage, string option)
    {
        var requestId = await stage.PendingAsync();
        await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"{option}\"");
    }
}
