using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Items of the real <c>codex exec</c> that a plain turn has none of; messages, thoughts, commands and files are in KnownAgentTests.</summary>
public class RealCodexItemTests
{
    [Test]
    public async Task Calls_of_tools_and_agents_searches_and_the_plan_are_what_they_are_in_acp()
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await RealAgent.StartAsync("codex-exec", model);
        await File.AppendAllTextAsync(Path.Combine(stage.Folder["codex"], "config.toml"), $"""

            [tools.update_plan]
            enabled = true
            [mcp_servers.echo]
            command = "node"
            args = ["{Lab.File("mcp-echo.mjs")}"]

            """);
        var (threadId, runId) = await stage.SubmitAsync(string.Join(
            ";;",
            "MOCK: plan=1",
            """tool=echo|{"text":"hi"}""",
            """tool=echo|{"text":"bad"}""",
            """tool=spawn_agent|{"message":"Look around"}""",
            """item={"type":"web_search_call","status":"completed","action":{"type":"search","query":"tinyvex"}}""",
            """item={"type":"web_search_call","status":"completed","action":{"type":"open_page","url":"https://example.org/"}}""",
            "plan=2",
            "say=Done."));
        var run = await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "Done.", partial: false);
        var calls = await stage.RowsAsync("tool_calls.list", threadId);
        var plan = (await stage.RowsAsync("plan.get", threadId))[0].GetProperty("entries");

        await Assert.That(run.Text("stopReason")).IsEqualTo("end_turn").Because(run.ToString());
        await Assert.That(string.Join('\n', calls.OrderBy(call => call.GetProperty("order").GetInt64()).Select(call => $"{call.Text("kind")} {call.Text("status")} {call.Text("title")}: {Said(call)}"))).IsEqualTo(
            """
            other completed echo.echo: Echo hi
            other failed echo.echo: Echo bad
            other completed spawn agent: Look around
            search completed Web search: tinyvex: 
            fetch completed Open https://example.org/: 
            """);
        await Assert.That(string.Join(' ', plan.EnumerateArray().Select(entry => entry.Text("status")))).IsEqualTo("completed completed pending");
    }

    private static string? Said(JsonElement call) =>
        call.TryGetProperty("content", out var content) && content is { ValueKind: JsonValueKind.Array } && content.GetArrayLength() > 0 ? content[0].GetProperty("content").Text("text") : null;
}
