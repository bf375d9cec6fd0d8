using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What of the server's environment an agent gets.</summary>
public class AgentEnvironmentTests
{
    [Test]
    public async Task It_is_the_users_less_what_is_not_meant_for_it_and_what_is_configured_comes_on_top()
    {
        var folder = new TempFolder();
        AgentScript.Write(folder, "prompt = async () => say(JSON.stringify(process.env));", "there");
        File.WriteAllText(folder["agents.json"], $$$"""
            {"agents":{"there":{"command":["node","{{{folder["there.cjs"]}}}"],"env":{"CLAUDECODE":"mine","TINYVEX_OWN":"too"},"envDeny":["WORK_*","EXACT"]} } }
            """);
        await using var stage = await AgentStage.StartAsync(folder, "no-such-agent", ["--default-agent", "there"], new Dictionary<string, string?>
        {
            ["MY_OWN"] = "kept",
            ["CLAUDECODE"] = "1",
            ["CLAUDE_CODE_ENTRYPOINT"] = "cli",
            ["NODE_CHANNEL_FD"] = null,
            ["NOTIFY_SOCKET"] = "/run/x",
            ["WORK_TOKEN"] = "x",
            ["EXACT"] = "x",
            ["EXACTLY"] = "kept",
            ["TINYVEX_SECRET"] = "x",
        });
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.EndAsync(runId);
        var answer = await stage.RowAsync("messages.list", threadId, row => row.GetProperty("role").GetString() == "assistant");
        var seen = JsonDocument.Parse(answer.GetProperty("text").GetString()!).RootElement;

        await Assert.That(seen.GetProperty("MY_OWN").GetString()).IsEqualTo("kept");
        await Assert.That(seen.GetProperty("EXACTLY").GetString()).IsEqualTo("kept");
        await Assert.That(seen.GetProperty("CLAUDECODE").GetString()).IsEqualTo("mine");
        await Assert.That(seen.GetProperty("TINYVEX_OWN").GetString()).IsEqualTo("too");
        foreach (var name in (string[])["CLAUDE_CODE_ENTRYPOINT", "NOTIFY_SOCKET", "WORK_TOKEN", "EXACT", "TINYVEX_SECRET"])
        {
            await Assert.That(seen.TryGetProperty(name, out _)).IsFalse().Because(name);
        }
    }
}
