using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>tinyvex demo</c>: a turn that anyone can see, and a server that goes on.</summary>
public class TerminalDemoTests
{
    [Test]
    public async Task It_shows_a_whole_turn_and_goes_on_until_ctrl_c()
    {
        using var folder = new TempFolder();
        await using var demo = RunProcess.Start(["demo", "--db", folder["t.db"], "--port", "0"]);
        // The recording is played at the speed at which it was made, which is some 15 s.
        await demo.UntilAsync("What you saw is stored");
        var (exitCode, output, _) = await ServerProcess.RunAsync(["run", "--db", folder["t.db"], "--agent", "nobody", "Hello"]);
        await Signals.SendAsync("INT", demo.Id);

        await Assert.That(await demo.EndAsync()).IsEqualTo(0);
        foreach (var part in (string[])["> Cut titles", "✻ ", "✓ Read src/cut.js", "  src/cut.js  +5 −2", "☑ Run the tests", "All four tests pass"])
        {
            await Assert.That(demo.Output).Contains(part);
        }

        await Assert.That(demo.Output).Contains($" show last --db {folder["t.db"]}\n").And.Contains($" run --db {folder["t.db"]} --agent NAME ");
        // It has no such option.
        await Assert.That(demo.Errors).Contains("it is only a recording").And.DoesNotContain("--permissions");

        // It was reached, and does not know the agent.
        await Assert.That((exitCode, output)).IsEqualTo((1, ""));
    }
}
