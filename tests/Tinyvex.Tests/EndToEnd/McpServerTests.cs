using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>MCP servers and further directories, which are handed to an agent with each session.</summary>
public class McpServerTests
{
    private const string Secret = "sk-very-secret-value";

    private const string Agent = """
        on['session/resume'] = m => reply(m.id, {});
        prompt = async text => {
          if (text !== 'fail') return;
          console.error('cannot use ' + process.env.AGENT_KEY);
          process.exit(2);
        };
        """;

    private const string OfThread = $$"""[{"name":"files","command":"mcp-files","env":[{"name":"TOKEN","value":"{{Secret}}"}]},{"type":"http","name":"web","url":"http://localhost:1/","headers":[{"name":"Authorization","value":"Bearer {{Secret}}"}]}]""";

    private static async Task<AgentStage> StartAsync(string capabilities)
    {
        var folder = new TempFolder();
        AgentScript.Write(folder, $"can({capabilities});" + Agent, "tooled");
        File.WriteAllText(folder["agents.json"], $$"""
            {
              // Comments are read over, also in here.
              "agents": { "tooled": { "command": ["node", "{{folder["tooled.cjs"]}}"], "env": { "AGENT_KEY": "{{Secret}}" },
                "mcpServers": [
                  /* the agent's own */
                  { "name": "own", "command": "mcp-own", "args": ["-x"] }, { "name": "files", "command": "replaced" },
                ] } }
            }
            """);
        return await AgentStage.StartAsync(folder, "no-such-agent", ["--default-agent", "tooled", "--log-level", "trace"]);
    }

    private static Task<JsonElement> UpdateAsync(AgentStage stage, string threadId, string updates) =>
        stage.Client.RequestAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"{threadId}\",\"updates\":{{{updates}}}");

    private static async Task<string> CreateAsync(AgentStage stage) =>
        (await stage.Client.RequestAsync("\"control\":\"tvx.create_thread\"")).GetProperty("threadId").GetString()!;

    private static string Names(JsonElement call) => string.Join(' ', call.GetProperty("mcpServers").EnumerateArray().Select(server => server.GetProperty("name").GetString()));

    [Test]
    [Arguments("{}", "own files")]
    [Arguments("{ mcpCapabilities: { http: true } }", "own files web")]
    public async Task Those_of_the_agent_and_the_thread_are_handed_over_as_far_as_it_takes_them(string capabilities, string expected)
    {
        await using var stage = await StartAsync(capabilities);
        var threadId = await CreateAsync(stage);
        await UpdateAsync(stage, threadId, $"\"mcpServers\":{OfThread},\"additionalDirectories\":[\"/srv\"]");
        await stage.RunAsync("one", threadId);
        var call = stage.Calls("session/new")[0];
        var files = call.GetProperty("mcpServers")[1];
        var row = (await stage.RowsAsync("threads.get", threadId))[0];

        await Assert.That(Names(call)).IsEqualTo(expected);
        await Assert.That(files.GetProperty("command").GetString()).IsEqualTo("mcp-files");
        await Assert.That(files.GetProperty("args").GetArrayLength()).IsEqualTo(0);
        await Assert.That(files.GetProperty("env")[0].GetProperty("value").GetString()).IsEqualTo(Secret);
        await Assert.That(call.TryGetProperty("additionalDirectories", out _)).IsFalse();
        await Assert.That(string.Join(' ', row.GetProperty("mcpServers").EnumerateArray())).IsEqualTo("files web");
        await Assert.That(row.GetProperty("additionalDirectories")[0].GetString()).IsEqualTo("/srv");
    }

    [Test]
    public async Task A_change_opens_the_session_anew_with_all_of_them()
    {
        await using var stage = await StartAsync("{ sessionCapabilities: { resume: {}, additionalDirectories: {} } }");
        var threadId = await CreateAsync(stage);
        await UpdateAsync(stage, threadId, "\"additionalDirectories\":[\"/srv\"]");
        await stage.RunAsync("one", threadId);
        await stage.RunAsync("two", threadId);
        await UpdateAsync(stage, threadId, $"\"mcpServers\":{OfThread}");
        await stage.RunAsync("three", threadId);
        await UpdateAsync(stage, threadId, "\"mcpServers\":null,\"additionalDirectories\":null");
        await stage.RunAsync("four", threadId);
        var resumed = stage.Calls("session/resume");

        await Assert.That(stage.Calls("session/new")[0].GetProperty("additionalDirectories")[0].GetString()).IsEqualTo("/srv");
        await Assert.That(resumed.Count).IsEqualTo(2);
        await Assert.That(Names(resumed[0])).IsEqualTo("own files");
        await Assert.That(resumed[0].GetProperty("additionalDirectories")[0].GetString()).IsEqualTo("/srv");
        await Assert.That(resumed[1].GetProperty("mcpServers")[1].GetProperty("command").GetString()).IsEqualTo("replaced");
        await Assert.That(resumed[1].TryGetProperty("additionalDirectories", out _)).IsFalse();
    }

    [Test]
    [Arguments("\"mcpServers\":{}", "must be an array")]
    [Arguments("\"mcpServers\":[{\"command\":\"x\"}]", "needs 'name'")]
    [Arguments("\"mcpServers\":[{\"name\":\"a\"}]", "needs 'command'")]
    [Arguments("\"mcpServers\":[{\"name\":\"a\",\"type\":\"carrier pigeon\"}]", "is http or sse")]
    [Arguments("\"mcpServers\":[{\"name\":\"a\",\"command\":\"x\",\"env\":{\"TOKEN\":\"sk-very-secret-value\"}}]", "must be an array of objects")]
    [Arguments("\"mcpServers\":[{\"name\":\"a\",\"command\":\"x\"},{\"name\":\"a\",\"command\":\"y\"}]", "two MCP servers")]
    [Arguments("\"additionalDirectories\":[\"relative\"]", "absolute paths")]
    public async Task What_is_no_such_list_is_refused(string updates, string why)
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var reply = await UpdateAsync(stage, await CreateAsync(stage), updates);
        await Assert.That(reply.GetProperty("code").GetString()).IsEqualTo("bad_request");
        await Assert.That(reply.GetProperty("message").GetString()).Contains(why).And.DoesNotContain(Secret);
    }

    [Test]
    public async Task What_is_secret_in_them_is_told_to_the_agent_alone()
    {
        await using var stage = await StartAsync("{}");
        await stage.Client.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"threads\"");
        var threadId = await CreateAsync(stage);
        await UpdateAsync(stage, threadId, $"\"mcpServers\":{OfThread}");
        var run = await stage.RunAsync("fail", threadId);
        var seen = string.Concat((await stage.RowsAsync("threads.list")).Concat(await stage.RowsAsync("runs.list")).Concat(await stage.RowsAsync("events.list", threadId)).Concat(await stage.RowsAsync("agents.list")));

        await Assert.That(run.GetProperty("error").GetProperty("message").GetString()).IsEqualTo("agent 'tooled' exited with code 2:\ncannot use ***");
        await Assert.That(seen).DoesNotContain(Secret);
        await Assert.That(stage.Server.Errors).Contains("cannot use ***").And.DoesNotContain(Secret);
    }

    [Test]
    public async Task An_error_in_which_the_agent_repeats_one_has_it_hidden()
    {
        await using var stage = await AgentStage.ScriptAsync($$"""
            on['session/prompt'] = m => fail(m.id, -32603, 'bad key', { details: '{{Secret}}', header: 'Bearer {{Secret}}' });
            """);
        var threadId = await CreateAsync(stage);
        await UpdateAsync(stage, threadId, $"\"mcpServers\":{OfThread}");
        var error = (await stage.RunAsync("one", threadId)).GetProperty("error");
        await Assert.That(error.GetProperty("message").GetString()).IsEqualTo("bad key: ***");
        await Assert.That(error.GetRawText()).DoesNotContain(Secret);
    }
}
