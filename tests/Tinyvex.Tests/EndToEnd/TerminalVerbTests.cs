using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Commands that an agent had run, as the program's own verbs print them.</summary>
public class TerminalVerbTests
{
    [Test]
    public async Task They_are_shown_in_their_turn_and_afterwards()
    {
        using var folder = new TempFolder();
        var agent = AgentScript.Write(folder, TerminalStage.Run + """
            prompt = async () => {
              say('I run it.');
              await run('sh', ['-c', 'echo one; sleep 0.2; seq 2 20; exit 3']);
              await run('true');
              say('It failed.');
            };
            """);
        const string shown = """
            $ sh -c echo one; sleep 0.2; seq 2 20; exit 3 (exit 3)
                one
                2
                3
                … 11 more lines
                15
                16
                17
                18
                19
                20

            """;

        var (exitCode, output, _) = await ServerProcess.RunAsync(["run", "--db", folder["t.db"], "--agent", "agent=" + agent, "go"]);
        await Assert.That(output).IsEqualTo($"I run it.\n\n{shown}$ true\n\nIt failed.\n");
        await Assert.That(exitCode).IsEqualTo(0);

        var (_, conversation, _) = await ServerProcess.RunAsync(["show", "last", "--db", folder["t.db"]]);
        await Assert.That(conversation).Contains($"I run it.\n\n{shown}\n$ true\n\nIt failed.\n");
        var (_, markdown, _) = await ServerProcess.RunAsync(["show", "last", "--markdown", "--db", folder["t.db"]]);
        await Assert.That(markdown).Contains("### Terminal: `sh -c echo one; sleep 0.2; seq 2 20; exit 3`\n\n*exit 3*\n\n```\none\n2\n3\n");
    }
}
