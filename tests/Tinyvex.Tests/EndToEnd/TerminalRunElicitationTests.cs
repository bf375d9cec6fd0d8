using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>tinyvex run</c> where an agent wants a form filled in.</summary>
public class TerminalRunElicitationTests
{
    private const string Asks = """
        prompt = async () => {
          const form = { mode: 'form', message: 'Where to?', requestedSchema: { type: 'object', properties: { branch: { type: 'string', title: 'Branch', minLength: 2 } }, required: ['branch'] } };
          const answer = ask('elicitation/create', form);
          const leave = await permit();
          say('It said ' + JSON.stringify((await answer).result) + ' and ' + leave.result.outcome.optionId);
        };
        """;

    private static string[] Run(TempFolder folder, params string[] arguments) =>
        ["run", "--db", folder["t.db"], "--agent", "agent=" + AgentScript.Write(folder, Asks), .. arguments, "Hello"];

    [Test]
    public async Task On_a_terminal_questions_come_one_after_the_other()
    {
        using var folder = new TempFolder();
        await using var run = RunProcess.StartOnTerminal(Run(folder));
        await run.UntilAsync("Branch (required, characters from 2)");
        await run.TypeAsync("main\r");
        await run.UntilAsync("(n, reject once)");
        await run.TypeAsync("y\r");

        await Assert.That(await run.EndAsync()).IsEqualTo(0);
        await Assert.That(run.Output).Contains("? Where to?").And.Contains("It said {\"action\":\"accept\",\"content\":{\"branch\":\"main\"}} and yes");
    }

    [Test]
    public async Task On_a_terminal_a_field_that_does_not_fit_is_asked_for_again()
    {
        using var folder = new TempFolder();
        var agent = AgentScript.Write(folder, Asks.Replace("const leave", "await answer; const leave", StringComparison.Ordinal));
        await using var run = RunProcess.StartOnTerminal(["run", "--db", folder["t.db"], "--agent", "agent=" + agent, "Hello"]);
        await run.UntilAsync("Branch (required, characters from 2)");
        await run.TypeAsync("m\r");
        await run.UntilAsync("It must be of 2 characters or more.");
        await run.TypeAsync("\u0004");
        await run.UntilAsync("(n, reject once)");
        await run.TypeAsync("y\r");

        await Assert.That(await run.EndAsync()).IsEqualTo(0);
        await Assert.That(run.Output).Contains("It said {\"action\":\"decline\"} and yes");
    }

    [Test]
    public async Task Where_nobody_can_type_it_is_declined_whatever_is_allowed()
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ServerProcess.RunAsync(Run(folder, "--permissions", "allow"));
        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(output).Contains("It said {\"action\":\"decline\"} and yes");
        await Assert.That(errors).Contains("The agent asks: Where to? Declined, since nobody can type here.");

        var page = AgentScript.Write(folder, "prompt = async () => { await ask('elicitation/create', { mode: 'url', message: 'Log in', elicitationId: 'e', url: 'https://example.org/login' }); };");
        var visited = await ServerProcess.RunAsync(["run", "--db", folder["u.db"], "--agent", "agent=" + page, "Hello"]);
        await Assert.That(visited.Errors).Contains("The agent asks: Log in (https://example.org/login). Declined");
    }

    [Test]
    public async Task Ask_without_a_terminal_leaves_it_to_another_client_and_a_watcher_sees_both()
    {
        await using var stage = await AgentStage.ScriptAsync(Asks);
        await using var watch = RunProcess.Start(["watch", "--db", stage.Database]);
        await using var run = RunProcess.Start(["run", "--db", stage.Database, "--permissions", "ask", "Hello"]);
        await run.UntilAsync("Another client has to answer, since nobody can type here.");
        var row = await stage.RowAsync("elicitations.list", null, row => row.GetProperty("status").GetString() == "pending");
        await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{await stage.PendingAsync()}\",\"optionId\":\"yes\"");
        await stage.Client.RequestAsync($"\"control\":\"elicitation.respond\",\"requestId\":\"{row.GetProperty("requestId")}\",\"action\":\"cancel\"");

        await Assert.That(await run.EndAsync()).IsEqualTo(0);
        await Assert.That(run.Output).Contains("It said {\"action\":\"cancel\"} and yes");
        await watch.UntilAsync("Where to?: pending");
        await watch.UntilAsync("Where to?: cancelled");
    }
}
