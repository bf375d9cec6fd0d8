using Tinyvex.Tests.Replaying;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What agents say at odd times and in odd ways.</summary>
public class AgentUpdateTests
{
    [Test]
    public async Task Every_kind_of_update_of_a_full_turn_is_stored()
    {
        await using var stage = await AgentStage.CommandAsync($"node '{Lab.File("synthetic-agent.mjs")}'");
        var (threadId, runId) = await stage.SubmitAsync("all", more: TerminalStage.In(stage));
        var requestId = await stage.PendingAsync();
        await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"ao\"");
        foreach (var (mode, answer) in ((string, string)[])[("form", "\"accept\",\"content\":{\"name\":\"x\"}"), ("url", "\"accept\"")])
        {
            var asked = await stage.RowAsync("elicitations.list", threadId, row => row.Text("status") == "pending" && row.GetProperty("request").Text("mode") == mode);
            await stage.Client.RequestAsync($"\"control\":\"elicitation.respond\",\"requestId\":\"{asked.Text("requestId")}\",\"action\":{answer}");
        }

        var run = await stage.EndAsync(runId);
        var calls = await stage.RowsAsync("tool_calls.list", threadId);
        var plan = (await stage.RowsAsync("plan.get", threadId))[0];
        var state = (await stage.RowsAsync("state.get", threadId))[0];
        var events = await stage.RowsAsync("events.list", threadId);
        var kinds = events.Select(row => row.GetProperty("kind").GetString()).ToHashSet();

        await Assert.That(run.GetProperty("stopReason").GetString()).IsEqualTo("end_turn");
        await Assert.That(calls.Length).IsEqualTo(13);
        await Assert.That((await stage.RowsAsync("terminals.list", threadId)).Select(row => $"{row.Text("status")} {row.Text("output")}").Lines()).IsEqualTo("killed \nexited out\nerr\n");
        await Assert.That(await File.ReadAllTextAsync(stage.Folder["s.txt"])).IsEqualTo("new\nline2\nline3\n");
        await Assert.That(plan.GetProperty("entries").GetArrayLength()).IsEqualTo(3);
        await Assert.That(state.GetProperty("currentModeId").GetString()).IsEqualTo("code");
        await Assert.That(state.GetProperty("availableCommands").GetArrayLength()).IsEqualTo(2);
        await Assert.That((await stage.RowsAsync("threads.list"))[0].GetProperty("title").GetString()).IsEqualTo("A title");
        foreach (var kind in (string[])["available_commands_update", "notice", "compaction_update", "plan_update", "quantum_update"])
        {
            await Assert.That(kinds).Contains(kind);
        }
    }

    [Test]
    public async Task What_comes_before_the_session_is_opened_is_kept()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            on['session/new'] = m => {
              update({ sessionUpdate: 'available_commands_update', availableCommands: [{ name: 'early', description: '' }] });
              reply(m.id, { sessionId: 's1', modes: { currentModeId: 'ask', availableModes: [{ id: 'ask', name: 'Ask' }] } });
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.EndAsync(runId);
        var state = (await stage.RowsAsync("state.get", threadId))[0];
        await Assert.That(state.GetProperty("availableCommands")[0].GetProperty("name").GetString()).IsEqualTo("early");
        await Assert.That(state.GetProperty("currentModeId").GetString()).IsEqualTo("ask");
        await Assert.That((await stage.RowsAsync("threads.list"))[0].GetProperty("resumeId").GetString()).IsEqualTo("s1");
    }

    [Test]
    public async Task What_comes_behind_the_end_of_a_turn_is_made_final_after_a_moment()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async text => { say('in time'); setTimeout(() => { say('late '); say('words'); }, text === 'at once' ? 0 : 120); };
            """);
        var (threadId, runId) = await stage.SubmitAsync("soon");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "late words", partial: false);
        for (var i = 0; i < 5; i++)
        {
            var (at, run) = await stage.SubmitAsync("at once");
            await stage.EndAsync(run);
            await stage.MessageAsync(at, "late words", partial: false);
        }
    }

    [Test]
    public async Task A_broken_update_is_kept_in_the_log_alone()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              update({ sessionUpdate: 'agent_message_chunk', content: 'no block' });
              update({ sessionUpdate: 'tool_call', title: 'no id' });
              update({ sessionUpdate: '\ud800' });
              update({ nothing: 1 }); update(7); update(null);
              send({ method: 'session/update', params: [1] }); send({ method: 'session/update' });
              send({ method: 'session/update', params: { sessionId: '\udc00', update: { sessionUpdate: 'quantum_update', flux: 1 } } });
              say('on');
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        var run = await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "on");
        var events = await stage.RowsAsync("events.list", threadId);
        var kept = events.Select(row => row.GetProperty("kind").GetString()).ToList();

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(kept.Count(kind => kind == "agent_message_chunk")).IsEqualTo(2);
        await Assert.That(kept).Contains("tool_call").And.Contains("quantum_update");
        await Assert.That(kept.Count(kind => kind == "invalid")).IsEqualTo(4);
        await Assert.That(await stage.RowsAsync("tool_calls.list", threadId)).IsEmpty();
    }

    [Test]
    [Arguments("codex-acp-full")]
    [Arguments("claude-agent-acp-full")]
    [Arguments("zed-codex-acp-full")]
    public async Task A_recorded_session_runs_as_an_agent(string recording)
    {
        var file = Transcripts.Path(recording + ".jsonl");
        await using var stage = await AgentStage.CommandAsync($"'{TestBinary.Path}' replay '{file}' --speed max");
        var (threadId, runId) = await stage.SubmitAsync("go");
        var ended = stage.EndAsync(runId);
        while (!ended.IsCompleted)
        {
            foreach (var row in await stage.RowsAsync("permissions.list", threadId))
            {
                if (row.GetProperty("status").GetString() != "pending") continue;
                var option = row.GetProperty("options")[0].GetProperty("optionId").GetString();
                await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{row.GetProperty("requestId").GetString()}\",\"optionId\":\"{option}\"");
            }
        }

        await Assert.That((await ended).GetProperty("stopReason").GetString()).IsEqualTo("end_turn");
        await Assert.That((await stage.RowsAsync("messages.list", threadId)).Any(row => row.GetProperty("partial").GetBoolean())).IsFalse();
        await Assert.That(await stage.RowsAsync("tool_calls.list", threadId)).IsNotEmpty();
    }

    [Test]
    public async Task No_variable_and_no_token_of_the_server_reaches_the_agent_or_the_log()
    {
        const string token = "secret-secret-secret-secret";
        using var folder = new TempFolder();
        var command = AgentScript.Write(folder, """
            prompt = async () => { console.error('also ' + process.env.KEY); say(JSON.stringify(Object.entries(process.env).filter(([name]) => /^(tinyvex|dotnet_system_net|key|path$)/i.test(name)).map(([name, value]) => name + '=' + value.length).sort())); };
            """);
        File.WriteAllText(folder["agents.json"], """{"agents":{"mine":{"command":["node","SCRIPT"],"env":{"KEY":"agent-secret","PATH":"PATHS"}}}}"""
            .Replace("SCRIPT", folder["agent.cjs"]).Replace("PATHS", Environment.GetEnvironmentVariable("PATH")));
        await using var stage = await AgentStage.StartAsync(
            new TempFolder(), command, ["--agents-file", folder["agents.json"], "--log-level", "Debug"],
            new() { ["TINYVEX_TOKEN"] = token, ["Tinyvex_Other"] = "x" });
        var (threadId, runId) = await stage.SubmitAsync("go", more: ",\"agent\":\"mine\"");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, $"""["KEY=12","PATH={Environment.GetEnvironmentVariable("PATH")!.Length}"]""");
        var agents = await stage.RowsAsync("agents.list");

        await Assert.That(stage.Server.Errors).DoesNotContain("secret");
        await Assert.That(string.Join('\n', agents)).DoesNotContain("secret");
        await Assert.That(agents.Single(row => row.GetProperty("name").GetString() == "mine").GetProperty("command").GetString()).IsEqualTo("node");
    }
}
