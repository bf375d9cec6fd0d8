using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What is allowed without asking, by whose word, and that everybody sees it.</summary>
public class PolicyTests
{
    /// <summary>Asks for a call of the kind and path in the prompt; the request itself names the call alone, as some agents do.</summary>
    private const string Asks = """
        prompt = async text => {
          const [kind, path] = text.split(' ');
          update({ sessionUpdate: 'tool_call', toolCallId: 'c1', title: 'Do it', kind, locations: [{ path }] });
          const answer = await ask('session/request_permission', { toolCall: { toolCallId: 'c1' }, options });
          say(JSON.stringify(answer.result.outcome));
        };
        """;

    private const string Yes = """{"outcome":"selected","optionId":"yes"}""";

    [Test]
    public async Task The_policy_answers_before_anybody_else_and_says_so()
    {
        await using var stage = await AgentStage.ScriptAsync(Asks);
        await stage.Client.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"permissions\"");
        var (threadId, runId) = await stage.SubmitAsync($"read {stage.Folder["a.txt"]}", more: In(stage, "allow-reads"));
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, Yes);
        var row = (await stage.RowsAsync("permissions.list"))[0];
        var thread = (await stage.RowsAsync("threads.get", threadId))[0];

        await Assert.That(row.GetProperty("status").GetString()).IsEqualTo("answered");
        await Assert.That(row.GetProperty("answeredBy").GetString()).IsEqualTo("policy:allow-reads");
        await Assert.That(thread.GetProperty("policy").GetString()).IsEqualTo("allow-reads");
        await Assert.That(thread.GetProperty("policySetBy").GetString()).IsEqualTo("client");
        await Assert.That((await stage.Client.NextAsync()).GetProperty("row").GetProperty("status").GetString()).IsEqualTo("pending");
        await Assert.That((await stage.Client.NextAsync()).GetProperty("row").GetProperty("answeredBy").GetString()).IsEqualTo("policy:allow-reads");
    }

    [Test]
    [Arguments("ask", "read", "a.txt")]
    [Arguments("allow-reads", "edit", "a.txt")]
    [Arguments("allow-reads", "read", "../elsewhere.txt")]
    [Arguments("allow-edits-in-roots", "execute", "a.txt")]
    public async Task What_it_does_not_allow_is_asked(string policy, string kind, string path)
    {
        await using var stage = await AgentStage.ScriptAsync(Asks);
        await stage.SubmitAsync($"{kind} {path}", more: In(stage, policy));
        var requestId = await stage.PendingAsync();
        await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"no\"");
        var row = await stage.RowAsync("permissions.list", null, row => row.GetProperty("status").GetString() == "answered");
        await Assert.That(row.GetProperty("answeredBy").GetString()).IsEqualTo("client");
    }

    [Test]
    public async Task A_changed_policy_answers_what_waits()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              const reading = ask('session/request_permission', { toolCall: { toolCallId: 'r', kind: 'read', locations: [{ path: 'a.txt' }] }, options });
              const running = ask('session/request_permission', { toolCall: { toolCallId: 'x', kind: 'execute' }, options });
              say((await reading).result.outcome.optionId + ' ');
              say((await running).result.outcome.optionId);
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go", more: In(stage, "ask"));
        await Deadline.UntilAsync(() => stage.RowsAsync("permissions.list", threadId).Result.Length == 2, "both are pending");
        await Update(stage, threadId, "allow-reads");
        await stage.MessageAsync(threadId, "yes ");
        var left = (await stage.RowsAsync("permissions.list", threadId)).Select(row => $"{row.GetProperty("toolCall").GetProperty("toolCallId")} {row.GetProperty("status")} {row.GetProperty("answeredBy")}").ToList();
        await using var phone = await TestClient.ConnectAsync(new Uri(stage.Server.Ws + "?client=phone"), configure: options => options.SetRequestHeader("Authorization", "Bearer " + stage.Server.Token));
        var changed = await phone.RequestAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"{threadId}\",\"updates\":{{\"policy\":\"allow-all\"}}");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "yes yes");

        await Assert.That(left).IsEquivalentTo((string[])["x pending ", "r answered policy:allow-reads"]);
        await Assert.That(changed.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack");
        var thread = (await stage.RowsAsync("threads.get", threadId))[0];
        await Assert.That(thread.GetProperty("policySetBy").GetString()).IsEqualTo("client:phone");
    }

    [Test]
    public async Task An_unknown_policy_is_refused_with_those_there_are()
    {
        await using var stage = await AgentStage.ScriptAsync(Asks);
        var threadId = (await stage.Client.RequestAsync("\"control\":\"tvx.create_thread\"")).GetProperty("threadId").GetString()!;
        foreach (var reply in (JsonElement[])[
            await Update(stage, threadId, "allow-some"),
            await stage.Client.RequestAsync("\"control\":\"tvx.create_thread\",\"policy\":\"\""),
            await stage.Client.RequestAsync("\"control\":\"run.submit\",\"text\":\"x\",\"policy\":\"Ask\""),
            await stage.Client.RequestAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"{threadId}\",\"updates\":{{\"policy\":null}}")])
        {
            await Assert.That(reply.GetProperty("code").GetString()).IsEqualTo("bad_request");
            await Assert.That(reply.GetProperty("message").GetString()).Contains("ask, allow-reads, allow-edits-in-roots or allow-all");
        }
    }

    [Test]
    public async Task A_new_thread_has_the_policy_of_its_agent_else_of_the_server()
    {
        var folder = new TempFolder();
        File.WriteAllText(folder["agents.json"], $$$"""
            {"agents":{"careful":{"command":["node","{{{Script(folder)}}}"],"policy":"ask"},"free":{"command":["node","{{{Script(folder)}}}"],"policy":"allow-all"} } }
            """);
        await using var stage = await AgentStage.StartAsync(folder, AgentScript.Write(folder, Asks), ["--policy", "allow-edits-in-roots"]);

        await Assert.That(await PolicyOf("")).IsEqualTo("allow-edits-in-roots server");
        await Assert.That(await PolicyOf(",\"agent\":\"free\"")).IsEqualTo("allow-all server");
        await Assert.That(await PolicyOf(",\"agent\":\"careful\"")).IsEqualTo("ask ");
        await Assert.That(await PolicyOf(",\"agent\":\"free\",\"policy\":\"allow-reads\"")).IsEqualTo("allow-reads client");

        async Task<string> PolicyOf(string more)
        {
            var reply = await stage.Client.RequestAsync("\"control\":\"tvx.create_thread\"" + more);
            var row = (await stage.RowsAsync("threads.get", reply.GetProperty("threadId").GetString()))[0];
            return $"{row.GetProperty("policy")} {row.GetProperty("policySetBy")}";
        }
    }

    [Test]
    [Arguments("--policy", "some", "ask, allow-reads, allow-edits-in-roots or allow-all")]
    [Arguments("--agents-file", "agents.json", "ask, allow-reads, allow-edits-in-roots or allow-all")]
    public async Task A_wrong_default_is_wrong_usage(string option, string value, string says)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["agents.json"], """{"agents":{"a":{"command":["a"],"policy":"yes"}}}""");
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["serve", "--db", folder["t.db"], "--port", "0", option, value == "agents.json" ? folder[value] : value]);
        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(errors).Contains(says);
    }

    [Test]
    public async Task A_command_line_prompt_sets_it()
    {
        await using var stage = await AgentStage.ScriptAsync(Asks);
        var (exitCode, output, _) = await ServerProcess.RunAsync(
            ["run", "--db", stage.Database, "--policy", "allow-reads", "--cwd", stage.Folder.Path, $"read {stage.Folder["a.txt"]}"]);
        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(output).Contains("\"optionId\":\"yes\"");
        var thread = (await stage.RowsAsync("threads.list"))[0];
        await Assert.That($"{thread.GetProperty("policy")} {thread.GetProperty("policySetBy")}").IsEqualTo("allow-reads client:cli");
    }

    [Test]
    [Arguments("")]
    [Arguments("a%20b")]
    [Arguments("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_client_with_no_good_name_is_refused(string name)
    {
        await using var stage = await AgentStage.ScriptAsync(Asks);
        var (status, body) = await RawUpgradeAsync(stage.Server, name);
        await Assert.That(status).IsEqualTo(400);
        await Assert.That(body).Contains("?client=NAME");
    }

    private static async Task<(int Status, string Body)> RawUpgradeAsync(ServerProcess server, string name)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, "/ws?client=" + name));
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("Sec-WebSocket-Protocol", "tinyvex.v1");
        request.Headers.Add("Authorization", "Bearer " + server.Token);
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Script(TempFolder folder)
    {
        AgentScript.Write(folder, Asks, "other");
        return JsonEncodedText.Encode(folder["other.cjs"]).ToString();
    }

    private static string In(AgentStage stage, string policy) => $",\"policy\":\"{policy}\",\"workingDirectory\":\"{JsonEncodedText.Encode(stage.Folder.Path)}\"";

    private static Task<JsonElement> Update(AgentStage stage, string threadId, string policy) =>
        stage.Client.RequestAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"{threadId}\",\"updates\":{{\"policy\":\"{policy}\"}}");
}
