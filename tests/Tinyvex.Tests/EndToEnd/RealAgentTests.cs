using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Agents of others, as they are published, with a model that follows a script.</summary>
public class RealAgentTests
{
    [Test]
    [Arguments("allow")]
    [Arguments("reject")]
    public async Task The_example_agent_of_the_sdk_runs_a_turn_with_a_permission(string choice)
    {
        var script = await Lab.AgentAsync("sdk", "node_modules/@agentclientprotocol/sdk/dist/examples/agent.js");
        await using var stage = await AgentStage.CommandAsync($"node '{script}'");
        var (threadId, runId) = await stage.SubmitAsync("Hello");
        var requestId = await stage.PendingAsync();
        var reply = await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"{choice}\"");
        var run = await stage.EndAsync(runId);
        var calls = await stage.RowsAsync("tool_calls.list", threadId);
        var messages = await stage.RowsAsync("messages.list", threadId);

        await Assert.That(reply.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack");
        await Assert.That(run.GetProperty("stopReason").GetString()).IsEqualTo("end_turn");
        await Assert.That(calls.Length).IsEqualTo(2);
        await Assert.That(calls.Count(call => call.GetProperty("status").GetString() == "completed")).IsEqualTo(choice == "allow" ? 2 : 1);
        await Assert.That(messages.Count(row => row.GetProperty("role").GetString() == "assistant")).IsEqualTo(3);
        await Assert.That(messages.Any(row => row.GetProperty("partial").GetBoolean())).IsFalse();
    }

    [Test]
    public async Task Codex_thinks_speaks_and_runs_a_command()
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await CodexAsync(model);
        var (threadId, runId) = await stage.SubmitAsync("MOCK: think=5;;say=Hello. ;;shell=echo hi;;text=20", more: Directory(stage));
        var run = await stage.EndAsync(runId);
        var messages = await stage.RowsAsync("messages.list", threadId);
        var calls = await stage.RowsAsync("tool_calls.list", threadId);

        await Assert.That(run.GetProperty("stopReason").GetString()).IsEqualTo("end_turn").Because(run + stage.Server.Errors);
        await Assert.That(messages.Any(row => row.GetProperty("kind").GetString() == "reason")).IsTrue();
        await Assert.That(messages.Any(row => row.GetProperty("role").GetString() == "assistant" && row.GetProperty("seq").GetInt32() >= 20)).IsTrue();
        await Assert.That(calls.Any(call => call.GetProperty("status").GetString() == "completed" && call.GetProperty("kind").GetString() == "execute")).IsTrue().Because(string.Join('\n', calls));
    }

    [Test]
    public async Task Codex_is_cancelled_in_the_middle_and_runs_the_next_prompt()
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await CodexAsync(model);
        var (threadId, runId) = await stage.SubmitAsync("MOCK: delay=10;;text=20000", more: Directory(stage));
        await stage.RowAsync("messages.list", threadId, row => row.GetProperty("role").GetString() == "assistant" && row.GetProperty("seq").GetInt32() > 5);
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        var run = await stage.EndAsync(runId);
        var next = await stage.RunAsync("MOCK: say=Still here.", threadId);
        await stage.MessageAsync(threadId, "Still here.", partial: false);

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(next.GetProperty("stopReason").GetString()).IsEqualTo("end_turn");
    }

    [Test]
    public async Task Codex_works_in_two_threads_at_once_and_is_gone_with_the_server()
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await CodexAsync(model);
        // Two that start at once in a new home fail each other while they create its files.
        var (first, warm) = await stage.SubmitAsync("MOCK: say=Ready.", more: Directory(stage));
        await stage.EndAsync(warm);
        var (_, a) = await stage.SubmitAsync("MOCK: delay=10;;text=20000", first);
        var (second, b) = await stage.SubmitAsync("MOCK: delay=10;;text=20000", more: Directory(stage));
        foreach (var threadId in (string[])[first, second])
        {
            await stage.RowAsync("messages.list", threadId, row => row.GetProperty("role").GetString() == "assistant" && row.GetProperty("seq").GetInt32() > 5);
        }

        var both = new[] { await stage.StateAsync(a, "running"), await stage.StateAsync(b, "running") };
        await stage.Server.KillAsync();
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "all of codex is gone", TimeSpan.FromSeconds(2));
        await Assert.That(both.Length).IsEqualTo(2);
    }

    [Test]
    public async Task Codex_goes_on_after_the_server_was_killed_in_the_session_that_it_had()
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await CodexAsync(model);
        var (threadId, first) = await stage.SubmitAsync("MOCK: say=One.", more: Directory(stage));
        await stage.EndAsync(first);
        var before = (await stage.RowsAsync("threads.get", threadId))[0].GetProperty("resumeId").GetString();
        await stage.RestartAsync();
        var next = await stage.RunAsync("MOCK: say=Two.", threadId);
        var mode = await stage.Client.RequestAsync($"\"control\":\"session.set_mode\",\"threadId\":\"{threadId}\",\"modeId\":\"read-only\"");
        await stage.RowAsync("state.get", threadId, row => row.GetProperty("currentModeId").GetString() == "read-only");
        var sessions = await stage.Client.RequestAsync("\"control\":\"tvx.query\",\"name\":\"sessions.list\"");
        // Codex warns that it does not know the model.
        var said = (await stage.RowsAsync("messages.list", threadId)).Select(row => row.GetProperty("text").GetString()!)
            .Where(text => !text.StartsWith("Warning", StringComparison.Ordinal));

        await Assert.That(next.GetProperty("stopReason").GetString()).IsEqualTo("end_turn").Because(next + stage.Server.Errors);
        await Assert.That((await stage.RowsAsync("threads.get", threadId))[0].GetProperty("resumeId").GetString()).IsEqualTo(before);
        await Assert.That(string.Join('|', said)).IsEqualTo("MOCK: say=One.|One.|MOCK: say=Two.|Two.");
        await Assert.That(stage.Server.Errors).DoesNotContain("is asked otherwise");
        await Assert.That(mode.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack").Because(mode.ToString());
        await Assert.That(sessions.GetProperty("rows").EnumerateArray().Any(row => row.GetProperty("sessionId").GetString() == before && row.GetProperty("threadId").GetString() == threadId)).IsTrue().Because(sessions.ToString());
    }

    [Test]
    public async Task A_session_of_codex_becomes_a_thread_of_another_server()
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await CodexAsync(model);
        var (threadId, first) = await stage.SubmitAsync("MOCK: say=One.", more: Directory(stage));
        await stage.EndAsync(first);
        var session = (await stage.RowsAsync("threads.get", threadId))[0].GetProperty("resumeId").GetString();
        await stage.Client.RequestAsync($"\"control\":\"session.close\",\"threadId\":\"{threadId}\"");
        await using var other = await AgentStage.StartAsync(new TempFolder(), "unused", ["--agents-file", stage.Folder["agents.json"]]);
        var made = await other.Client.RequestAsync($"\"control\":\"tvx.create_thread\",\"sessionId\":\"{session}\"{Directory(stage)}");
        var opened = made.TryGetProperty("threadId", out var id) ? id.GetString()! : throw new InvalidOperationException(made + other.Server.Errors);
        var loaded = (await other.RowsAsync("messages.list", opened)).Select(row => row.GetProperty("text").GetString()).ToList();
        var next = await other.RunAsync("MOCK: say=Two.", opened);

        await Assert.That(loaded).Contains("MOCK: say=One.").And.Contains("One.");
        await Assert.That(next.GetProperty("stopReason").GetString()).IsEqualTo("end_turn");
        await other.MessageAsync(opened, "Two.", partial: false);
    }

    private static async Task<AgentStage> CodexAsync(MockModel model)
    {
        var command = await Lab.AgentAsync("codex-acp", "node_modules/.bin/codex-acp");
        var folder = new TempFolder();
        var codex = $$"""{"command":["{{command}}"],"env":{{model.CodexHome(folder)}} }""";
        File.WriteAllText(folder["agents.json"], $$"""{"default":"codex","agents":{"codex":{{codex}} } }""");
        return await AgentStage.StartAsync(folder, "unused");
    }

    private static string Directory(AgentStage stage) => $",\"workingDirectory\":\"{stage.Folder.Path}\"";
}
