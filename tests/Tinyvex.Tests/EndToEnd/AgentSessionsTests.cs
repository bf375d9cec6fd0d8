using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Sessions that an agent has kept of its own, and threads made of them.</summary>
public class AgentSessionsTests
{
    private const string Keeps = """
        const all = [{ sessionId: 'old', cwd: '/home/me', title: 'An old one', updatedAt: '2026-01-02T03:04:05Z' }, { sessionId: 'older', cwd: '/tmp' }];
        on['session/list'] = m => reply(m.id, m.params.cursor ? { sessions: [all[1]] } : { sessions: [all[0]], nextCursor: 'c2' });
        on['session/load'] = m => {
          if (m.params.sessionId !== 'old') return fail(m.id, -32002, 'no such session');
          update({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'Why?' } }, 'old');
          update({ sessionUpdate: 'tool_call', toolCallId: 'c1', title: 'Think', status: 'completed' }, 'old');
          say('Because.', 'old');
          reply(m.id, {});
        };
        on['session/resume'] = m => reply(m.id, {});
        can({ loadSession: true, sessionCapabilities: { list: {}, resume: {} } });
        """;

    private static string Code(JsonElement reply) => reply.TryGetProperty("code", out var code) ? code.GetString()! : reply.GetProperty("type").GetString()!;

    private static Task<JsonElement> ListAsync(AgentStage stage, string args = "") => stage.Client.RequestAsync($"\"control\":\"tvx.query\",\"name\":\"sessions.list\",\"args\":{{{args}}}");

    private static Task<JsonElement> OpenAsync(AgentStage stage, string session, string more = "") =>
        stage.Client.RequestAsync($"\"control\":\"tvx.create_thread\",\"agent\":\"agent\",\"sessionId\":\"{session}\"{more}");

    [Test]
    public async Task They_are_listed_by_pages_as_the_agent_gives_them()
    {
        await using var stage = await AgentStage.ScriptAsync(Keeps);
        var first = await ListAsync(stage, "\"agent\":\"agent\",\"workingDirectory\":\"/home/me\"");
        var second = await ListAsync(stage, $"\"page\":\"{first.GetProperty("nextPage").GetString()}\"");
        var row = first.GetProperty("rows")[0];

        await Assert.That(row.GetProperty("sessionId").GetString()).IsEqualTo("old");
        await Assert.That(row.GetProperty("title").GetString()).IsEqualTo("An old one");
        await Assert.That(row.GetProperty("workingDirectory").GetString()).IsEqualTo("/home/me");
        await Assert.That(row.GetProperty("updatedAt").GetInt64()).IsEqualTo(1767323045000);
        await Assert.That(second.GetProperty("rows")[0].GetProperty("sessionId").GetString()).IsEqualTo("older");
        await Assert.That(second.GetProperty("nextPage").ValueKind).IsEqualTo(JsonValueKind.Null);
        await Assert.That(stage.Calls("session/list")[0].GetProperty("cwd").GetString()).IsEqualTo("/home/me");
        // One process for both pages.
        await Assert.That((await stage.RowsAsync("server.info"))[0].GetProperty("agents").GetInt32()).IsEqualTo(1);
    }

    [Test]
    [Arguments("can({});")]
    [Arguments("on['session/list'] = m => fail(m.id, -32601, 'Method not found');")]
    public async Task An_agent_that_lists_none_is_said_to_do_so(string more)
    {
        await using var stage = await AgentStage.ScriptAsync(Keeps + more);
        await Assert.That(Code(await ListAsync(stage))).IsEqualTo("unsupported");
    }

    [Test]
    public async Task A_thread_made_of_one_shows_its_history_and_goes_on_with_it()
    {
        await using var stage = await AgentStage.ScriptAsync(Keeps);
        var ack = await OpenAsync(stage, "old", ",\"key\":\"k1\"");
        var threadId = ack.GetProperty("threadId").GetString()!;
        var messages = await stage.RowsAsync("messages.list", threadId);
        var calls = await stage.RowsAsync("tool_calls.list", threadId);
        var thread = (await stage.RowsAsync("threads.get", threadId))[0];
        var listed = (await ListAsync(stage)).GetProperty("rows")[0];
        var repeated = await OpenAsync(stage, "old", ",\"key\":\"k1\"");
        var twice = await OpenAsync(stage, "old");
        await stage.RunAsync("go on", threadId);

        await Assert.That(string.Join('|', messages.Select(row => $"{row.GetProperty("role").GetString()}:{row.GetProperty("text").GetString()}:{row.GetProperty("partial")}")))
            .IsEqualTo("user:Why?:False|assistant:Because.:False");
        await Assert.That(calls.Length).IsEqualTo(1);
        await Assert.That(thread.GetProperty("title").GetString()).IsEqualTo("Why?");
        await Assert.That(thread.GetProperty("resumeId").GetString()).IsEqualTo("old");
        await Assert.That(listed.GetProperty("threadId").GetString()).IsEqualTo(threadId);
        await Assert.That(repeated.GetProperty("threadId").GetString()).IsEqualTo(threadId);
        await Assert.That(Code(twice)).IsEqualTo("conflict");
        await Assert.That(twice.GetProperty("data").GetProperty("threadId").GetString()).IsEqualTo(threadId);
        await Assert.That(stage.LastPrompt().Single()).IsEqualTo("go on");
        await Assert.That(stage.Calls("session/new")).IsEmpty();
    }

    [Test]
    public async Task One_that_the_agent_does_not_have_makes_no_thread_and_may_be_tried_again()
    {
        await using var stage = await AgentStage.ScriptAsync(Keeps + "can({ loadSession: true });");
        var refused = await OpenAsync(stage, "none", ",\"key\":\"k1\"");
        var again = await OpenAsync(stage, "none", ",\"key\":\"k1\"");

        await Assert.That(Code(refused)).IsEqualTo("agent_error");
        await Assert.That(refused.GetProperty("message").GetString()).IsEqualTo("no such session");
        await Assert.That(Code(again)).IsEqualTo("agent_error");
        await Assert.That(await stage.RowsAsync("threads.list")).IsEmpty();
    }

    [Test]
    public async Task An_agent_that_takes_up_none_is_said_to_do_so()
    {
        await using var stage = await AgentStage.ScriptAsync(Keeps + "can({});");
        await Assert.That(Code(await OpenAsync(stage, "old"))).IsEqualTo("unsupported");
        await Assert.That(await stage.RowsAsync("threads.list")).IsEmpty();
    }
}
