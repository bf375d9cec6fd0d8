using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>A conversation goes on in the agent's own session where the agent can, else in a new one that is told what was said.</summary>
public class SessionResumeTests
{
    /// <summary>Ends itself on demand, and says again what was said when it is asked to load.</summary>
    private const string Mortal = """
        prompt = async text => {
          if (text === 'die') setTimeout(() => process.exit(1), 20), await never;
          update({ sessionUpdate: 'tool_call', toolCallId: 'c-' + text, title: 'Look at ' + text, status: 'completed' });
          say('You said ' + text);
        };
        on['session/resume'] = m => reply(m.id, {});
        on['session/load'] = m => {
          update({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'one' } });
          update({ sessionUpdate: 'tool_call', toolCallId: 'c-one', title: 'Look at one', status: 'pending' });
          update({ sessionUpdate: 'plan', entries: [] });
          say('You said one');
          update({ sessionUpdate: 'available_commands_update', availableCommands: [{ name: 'again', description: '' }] });
          reply(m.id, { modes: { currentModeId: 'ask', availableModes: [{ id: 'ask', name: 'Ask' }] } });
          update({ sessionUpdate: 'session_info_update', _meta: { thread: 'idle' } });
          update({ sessionUpdate: 'usage_update', used: 7, size: 100 });
        };
        """;

    private const string Resumes = Mortal + "can({ loadSession: true, sessionCapabilities: { resume: {} } });";

    private const string Loads = Mortal + "can({ loadSession: true });";

    private static string Texts(IEnumerable<JsonElement> messages) => string.Join('|', messages.Select(row => row.GetProperty("text").GetString()));

    [Test]
    public async Task A_crash_fails_the_run_and_the_next_prompt_goes_on_in_the_same_session()
    {
        await using var stage = await AgentStage.ScriptAsync(Resumes);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        var crashed = await stage.RunAsync("die", threadId);
        var next = await stage.RunAsync("two", threadId);
        var resumed = stage.Calls("session/resume");

        await Assert.That(crashed.GetProperty("status").GetString()).IsEqualTo("failed");
        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(resumed.Count).IsEqualTo(1);
        await Assert.That(resumed[0].GetProperty("sessionId").GetString()).IsEqualTo("s1");
        await Assert.That(resumed[0].GetProperty("cwd").GetString()).IsEqualTo(Environment.CurrentDirectory);
        await Assert.That(stage.Calls("session/new").Count).IsEqualTo(1);
        await Assert.That(stage.Calls("session/load")).IsEmpty();
        await Assert.That(stage.LastPrompt().Single()).IsEqualTo("two");
        await Assert.That(Texts(await stage.RowsAsync("messages.list", threadId))).IsEqualTo("one|You said one|die|two|You said two");
    }

    [Test]
    public async Task A_server_that_was_killed_goes_on_in_the_same_session_too()
    {
        await using var stage = await AgentStage.ScriptAsync(Resumes);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        await stage.RestartAsync();
        await stage.RunAsync("two", threadId);

        await Assert.That(stage.Calls("session/resume").Count).IsEqualTo(1);
        await Assert.That(stage.LastPrompt().Single()).IsEqualTo("two");
    }

    [Test]
    public async Task What_a_loaded_session_says_again_is_not_stored_again_and_its_state_is()
    {
        await using var stage = await AgentStage.ScriptAsync(Loads);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        await stage.RunAsync("die", threadId);
        await stage.RunAsync("two", threadId);
        var calls = await stage.RowsAsync("tool_calls.list", threadId);
        var state = await stage.RowAsync("state.get", threadId, row => row.GetProperty("usage").ValueKind == JsonValueKind.Object);

        await Assert.That(stage.Calls("session/load").Count).IsEqualTo(1);
        await Assert.That(Texts(await stage.RowsAsync("messages.list", threadId))).IsEqualTo("one|You said one|die|two|You said two");
        await Assert.That(string.Join('|', calls.Select(row => $"{row.GetProperty("toolCallId").GetString()} {row.GetProperty("status").GetString()}").Order()))
            .IsEqualTo("c-one completed|c-two completed");
        await Assert.That(await stage.RowsAsync("plan.get", threadId)).IsEmpty();
        await Assert.That(state.GetProperty("availableCommands")[0].GetProperty("name").GetString()).IsEqualTo("again");
        await Assert.That(state.GetProperty("currentModeId").GetString()).IsEqualTo("ask");
        await Assert.That(stage.LastPrompt().Single()).IsEqualTo("two");
    }

    [Test]
    public async Task What_it_says_again_behind_its_answer_is_not_stored_again_either()
    {
        await using var stage = await AgentStage.ScriptAsync(
            Loads + """
            on['session/load'] = async m => {
              reply(m.id, {});
              for (const text of ['one', 'You said one']) await sleep(50), say(text);
            };
            """);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        await stage.RunAsync("die", threadId);
        await stage.RunAsync("two", threadId);

        await Assert.That(stage.Calls("session/load").Count).IsEqualTo(1);
        await Assert.That(Texts(await stage.RowsAsync("messages.list", threadId))).IsEqualTo("one|You said one|die|two|You said two");
    }

    [Test]
    public async Task An_agent_that_can_do_less_than_it_says_is_asked_otherwise_and_told_what_was_said_in_the_end()
    {
        await using var stage = await AgentStage.ScriptAsync(Resumes + """
            on['session/resume'] = m => fail(m.id, -32601, 'Method not found');
            on['session/load'] = m => { say('half of it'); fail(m.id, -32603, 'Invalid session identifier'); };
            """);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        await stage.RunAsync("die", threadId);
        await stage.RunAsync("two", threadId);
        var told = stage.LastPrompt();
        await stage.RunAsync("three", threadId);

        await Assert.That(stage.Calls("session/resume").Count).IsEqualTo(1);
        await Assert.That(stage.Calls("session/load").Count).IsEqualTo(1);
        await Assert.That(stage.Calls("session/new").Count).IsEqualTo(2);
        await Assert.That(told.Count).IsEqualTo(2);
        await Assert.That(told[0]).Contains("User: one\n\nTool call: Look at one (completed)\n\nYou: You said one\n\nUser: die").And.DoesNotContain("two");
        await Assert.That(told[1]).IsEqualTo("two");
        // Told once, and stored nowhere.
        await Assert.That(stage.LastPrompt().Single()).IsEqualTo("three");
        await Assert.That(Texts(await stage.RowsAsync("messages.list", threadId))).IsEqualTo("one|You said one|die|two|You said two|three|You said three");
    }

    [Test]
    [Arguments("process.exit(5)")]
    [Arguments("0")]
    public async Task An_agent_that_ends_or_is_silent_over_its_old_session_gets_a_new_one(string instead)
    {
        await using var stage = await AgentStage.ScriptAsync(Resumes + $"on['session/resume'] = m => {instead};", ["--agent-start-timeout", "3"]);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        await stage.RunAsync("die", threadId);
        var next = await stage.RunAsync("two", threadId);

        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed").Because(next.ToString());
        await Assert.That(stage.LastPrompt().Count).IsEqualTo(2);
        await stage.MessageAsync(threadId, "You said two");
    }

    [Test]
    public async Task A_session_that_takes_long_to_be_said_again_is_waited_for()
    {
        await using var stage = await AgentStage.ScriptAsync(
            Loads + "on['session/load'] = async m => { for (let i = 0; i < 8; i++) { say('again'); await sleep(500); } reply(m.id, {}); };", ["--agent-start-timeout", "3"]);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        await stage.RestartAsync();
        var next = await stage.RunAsync("two", threadId);

        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed").Because(next.ToString());
        await Assert.That(stage.Calls("session/new").Count).IsEqualTo(1);
        await Assert.That(Texts(await stage.RowsAsync("messages.list", threadId))).IsEqualTo("one|You said one|two|You said two");
    }

    [Test]
    public async Task Another_agent_is_told_what_was_said_and_has_none_of_the_first_ones_state()
    {
        using var folder = new TempFolder();
        var other = AgentScript.Write(folder, "", "other");
        await using var stage = await AgentStage.ScriptAsync(
            Resumes + "on['session/new'] = m => reply(m.id, { sessionId: 's1', modes: { currentModeId: 'ask', availableModes: [] } });", ["--agent", "other=" + other]);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        var before = (await stage.RowsAsync("state.get", threadId))[0];
        await stage.RunAsync("two", threadId, ",\"agent\":\"other\"");
        var after = (await stage.RowsAsync("state.get", threadId))[0];

        await Assert.That(before.GetProperty("currentModeId").GetString()).IsEqualTo("ask");
        await Assert.That(after.GetProperty("currentModeId").ValueKind).IsEqualTo(JsonValueKind.Null);
        await Assert.That(stage.Calls("session/resume")).IsEmpty();
        await Assert.That(stage.LastPrompt()[0]).Contains("You: You said one");
    }

    [Test]
    public async Task Another_directory_is_another_session()
    {
        await using var stage = await AgentStage.ScriptAsync(Resumes);
        var elsewhere = Directory.CreateDirectory(stage.Folder["elsewhere"]).FullName;
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        await stage.RunAsync("two", threadId, $",\"workingDirectory\":\"{elsewhere}\"");

        await Assert.That(stage.Calls("session/resume")).IsEmpty();
        await Assert.That(stage.Calls("session/new").Count).IsEqualTo(2);
        await Assert.That(stage.LastPrompt().Count).IsEqualTo(2);
    }

    [Test]
    public async Task An_agent_with_nothing_to_do_is_ended_and_comes_back_with_the_next_prompt()
    {
        await using var stage = await AgentStage.ScriptAsync(Resumes, ["--agent-idle", "1s"]);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        await stage.RowAsync("server.info", null, row => row.GetProperty("agents").GetInt32() == 0);
        var left = stage.Alive();
        await stage.RunAsync("two", threadId);

        await Assert.That(left).IsEmpty();
        await Assert.That(stage.Calls("session/resume").Count).IsEqualTo(1);
    }
}
