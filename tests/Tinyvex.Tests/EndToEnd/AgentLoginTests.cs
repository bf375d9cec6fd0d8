using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Agents that want a login first.</summary>
public class AgentLoginTests
{
    private const string Wants = """
        let known = false;
        can({}, { agentInfo: { name: 'a', version: '1.2.3' }, authMethods: [{ id: 'key', name: 'A key' }, { id: 'shell', name: 'A command', type: 'terminal' }] });
        on.authenticate = m => { known = m.params.methodId === 'key'; known ? reply(m.id, {}) : fail(m.id, -32603, 'no'); };
        on['session/new'] = m => known ? reply(m.id, { sessionId: 's1' }) : fail(m.id, -32000, 'Authentication required');
        """;

    private static Task<JsonElement> LogInAsync(AgentStage stage, string method, string agent = "agent") =>
        stage.Client.RequestAsync($"\"control\":\"agent.authenticate\",\"agent\":\"{agent}\",\"methodId\":\"{method}\"");

    private static string Code(JsonElement reply) => reply.TryGetProperty("code", out var code) ? code.GetString()! : reply.GetProperty("type").GetString()!;

    [Test]
    public async Task The_error_and_the_list_name_the_ways_and_a_login_lasts_for_later_processes()
    {
        await using var stage = await AgentStage.ScriptAsync(Wants);
        var (threadId, first) = await stage.SubmitAsync("one");
        var error = (await stage.EndAsync(first)).GetProperty("error");
        var listed = (await stage.RowsAsync("agents.list")).Single(row => row.GetProperty("name").GetString() == "agent");
        var ack = await LogInAsync(stage, "key");
        var next = await stage.RunAsync("two", threadId);

        await Assert.That(error.GetProperty("code").GetString()).IsEqualTo("agent_unavailable");
        await Assert.That(error.GetProperty("message").GetString()).Contains("agent.authenticate and one of its methods (key)");
        await Assert.That(error.GetProperty("data").GetProperty("authMethods").GetArrayLength()).IsEqualTo(2);
        await Assert.That(listed.GetProperty("version").GetString()).IsEqualTo("1.2.3");
        await Assert.That(listed.GetProperty("authMethods")[0].GetProperty("id").GetString()).IsEqualTo("key");
        await Assert.That(Code(ack)).IsEqualTo("tinyvex.ack");
        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed").Because(next.ToString());
        // Once as the client asked, and once in the new process.
        await Assert.That(stage.Calls("authenticate").Count).IsEqualTo(2);
    }

    [Test]
    public async Task A_way_that_is_not_offered_or_is_a_command_is_refused()
    {
        await using var stage = await AgentStage.ScriptAsync(Wants);
        var unknown = await LogInAsync(stage, "magic");
        await Assert.That(Code(unknown)).IsEqualTo("bad_request");
        await Assert.That(unknown.GetProperty("message").GetString()).Contains("it offers key, shell");
        await Assert.That(Code(await LogInAsync(stage, "shell"))).IsEqualTo("unsupported");
        await Assert.That(Code(await LogInAsync(stage, "key", "nobody"))).IsEqualTo("agent_unavailable");
        await Assert.That(stage.Calls("authenticate")).IsEmpty();
    }
}
