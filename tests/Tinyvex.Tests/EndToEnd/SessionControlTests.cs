using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What a client asks of an agent beside prompts.</summary>
public class SessionControlTests
{
    private const string Tunable = """
        const tuning = value => [{ id: 'model', name: 'Model', type: 'select', currentValue: value, options: [{ value: 'big', name: 'Big' }, { value: 'small', name: 'Small' }] },
          { id: 'web', name: 'Web', type: 'boolean', currentValue: value === true }];
        on['session/new'] = m => reply(m.id, { sessionId: 's1', modes: { currentModeId: 'ask', availableModes: [{ id: 'ask', name: 'Ask' }, { id: 'code', name: 'Code' }] }, configOptions: tuning('big') });
        on['session/set_mode'] = m => m.params.modeId === 'code' ? reply(m.id, {}) : fail(m.id, -32602, 'no such mode');
        on['session/set_config_option'] = m => reply(m.id, { configOptions: tuning(m.params.value) });
        on['session/resume'] = m => reply(m.id, {});
        on['session/close'] = on['session/delete'] = m => reply(m.id, {});
        prompt = async text => { say('You said ' + text); if (text === 'wait') { await cancelled; return 'cancelled'; } };
        can({ sessionCapabilities: { resume: {}, close: {} } });
        """;

    private static string Code(JsonElement reply) => reply.TryGetProperty("code", out var code) ? code.GetString()! : reply.GetProperty("type").GetString()!;

    private static async Task<(AgentStage Stage, string ThreadId)> BegunAsync(string script, string text = "one", params string[] arguments)
    {
        var stage = await AgentStage.ScriptAsync(script, arguments);
        var (threadId, runId) = await stage.SubmitAsync(text);
        if (text == "wait") await stage.MessageAsync(threadId, "You said wait");
        else await stage.EndAsync(runId);
        return (stage, threadId);
    }

    private static Task<JsonElement> SetModeAsync(AgentStage stage, string threadId, string mode) =>
        stage.Client.RequestAsync($"\"control\":\"session.set_mode\",\"threadId\":\"{threadId}\",\"modeId\":\"{mode}\",\"_meta\":{{\"trace\":1}}");

    [Test]
    [Arguments("one")]
    [Arguments("wait")]
    public async Task A_mode_is_set_between_turns_and_in_one_and_the_state_shows_it(string text)
    {
        var (stage, threadId) = await BegunAsync(Tunable, text);
        await using var _ = stage;
        var ack = await SetModeAsync(stage, threadId, "code");
        var state = await stage.RowAsync("state.get", threadId, row => row.GetProperty("currentModeId").GetString() == "code");
        var refused = await SetModeAsync(stage, threadId, "nonsense");

        await Assert.That(Code(ack)).IsEqualTo("tinyvex.ack");
        await Assert.That(state.GetProperty("availableModes").GetArrayLength()).IsEqualTo(2);
        await Assert.That(stage.Calls("session/set_mode")[0].GetProperty("_meta").GetProperty("trace").GetInt32()).IsEqualTo(1);
        await Assert.That(Code(refused)).IsEqualTo("agent_error");
        await Assert.That(refused.GetProperty("message").GetString()).IsEqualTo("no such mode");
        await Assert.That((await stage.RowsAsync("state.get", threadId))[0].GetProperty("currentModeId").GetString()).IsEqualTo("code");
    }

    [Test]
    public async Task What_the_agent_says_behind_its_answer_counts_more()
    {
        var (stage, threadId) = await BegunAsync(Tunable + """
            on['session/set_mode'] = m => { reply(m.id, {}); update({ sessionUpdate: 'current_mode_update', currentModeId: 'ask' }); say('behind'); };
            """);
        await using var _ = stage;
        await SetModeAsync(stage, threadId, "code");
        await stage.MessageAsync(threadId, "behind");
        await Assert.That((await stage.RowsAsync("state.get", threadId))[0].GetProperty("currentModeId").GetString()).IsEqualTo("ask");
    }

    [Test]
    public async Task An_option_is_set_and_the_answer_is_the_new_state()
    {
        var (stage, threadId) = await BegunAsync(Tunable);
        await using var _ = stage;
        var ack = await stage.Client.RequestAsync($"\"control\":\"session.set_config_option\",\"threadId\":\"{threadId}\",\"configId\":\"model\",\"value\":\"small\"");
        await stage.RowAsync("state.get", threadId, row => row.GetProperty("configOptions")[0].GetProperty("currentValue").GetString() == "small");
        await stage.Client.RequestAsync($"\"control\":\"session.set_config_option\",\"threadId\":\"{threadId}\",\"configId\":\"web\",\"value\":true");
        await stage.RowAsync("state.get", threadId, row => row.GetProperty("configOptions")[1].GetProperty("currentValue").GetBoolean());
        var bad = await stage.Client.RequestAsync($"\"control\":\"session.set_config_option\",\"threadId\":\"{threadId}\",\"configId\":\"web\",\"value\":7");
        var calls = stage.Calls("session/set_config_option");

        await Assert.That(Code(ack)).IsEqualTo("tinyvex.ack");
        await Assert.That(calls[0].TryGetProperty("type", out var _)).IsFalse();
        await Assert.That(calls[1].GetProperty("type").GetString()).IsEqualTo("boolean");
        await Assert.That(calls[1].GetProperty("value").GetBoolean()).IsTrue();
        await Assert.That(Code(bad)).IsEqualTo("bad_request");
    }

    [Test]
    public async Task An_agent_that_is_not_there_is_started_and_its_session_taken_up_first()
    {
        var (stage, threadId) = await BegunAsync(Tunable);
        await using var _ = stage;
        await stage.RestartAsync();
        var ack = await SetModeAsync(stage, threadId, "code");
        var nowhere = await SetModeAsync(stage, "nowhere", "code");

        await Assert.That(Code(ack)).IsEqualTo("tinyvex.ack");
        await Assert.That(stage.Calls("session/resume").Count).IsEqualTo(1);
        await stage.RowAsync("state.get", threadId, row => row.GetProperty("currentModeId").GetString() == "code");
        await Assert.That(Code(nowhere)).IsEqualTo("not_found");
    }

    [Test]
    public async Task An_agent_that_never_answers_is_told_that_nobody_waits_any_more()
    {
        var (stage, threadId) = await BegunAsync(Tunable + "on['session/set_mode'] = () => {}; on['$/cancel_request'] = m => say('gave up');", "one", "--agent-start-timeout", "3");
        await using var _ = stage;
        var refused = await SetModeAsync(stage, threadId, "code");
        await stage.MessageAsync(threadId, "gave up");

        await Assert.That(Code(refused)).IsEqualTo("agent_error");
        await Assert.That(refused.GetProperty("message").GetString()).Contains("did not answer session/set_mode within 3 s");
        await Assert.That(stage.Calls("$/cancel_request")[0].GetProperty("requestId").ValueKind).IsEqualTo(JsonValueKind.Number);
    }

    [Test]
    public async Task A_session_is_closed_and_the_next_prompt_takes_it_up_again()
    {
        var (stage, threadId) = await BegunAsync(Tunable, "wait");
        await using var _ = stage;
        var ack = await stage.Client.RequestAsync($"\"control\":\"session.close\",\"threadId\":\"{threadId}\"");
        var run = (await stage.RowsAsync("runs.list", threadId))[0];
        var left = stage.Alive();
        var again = await stage.Client.RequestAsync($"\"control\":\"session.close\",\"threadId\":\"{threadId}\"");
        await stage.RunAsync("two", threadId);

        await Assert.That(Code(ack)).IsEqualTo("tinyvex.ack");
        await Assert.That(Code(again)).IsEqualTo("tinyvex.ack");
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(left).IsEmpty();
        await Assert.That(stage.Calls("session/close").Count).IsEqualTo(1);
        await Assert.That(stage.Calls("session/resume").Count).IsEqualTo(1);
    }

    [Test]
    [Arguments("delete: {}, close: {}", "session/delete")]
    [Arguments("close: {}", "session/close")]
    public async Task A_deleted_thread_has_its_session_forgotten_as_far_as_the_agent_can(string offered, string method)
    {
        var (stage, threadId) = await BegunAsync(Tunable + $"can({{ sessionCapabilities: {{ {offered} }} }});");
        await using var _ = stage;
        await stage.Client.RequestAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{threadId}\"");
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "the agent is gone");
        await Assert.That(stage.Calls(method)[0].GetProperty("sessionId").GetString()).IsEqualTo("s1");
    }
}
