namespace Tinyvex.Tests.Replaying;

public class WireTests
{
    private const string Recording = "sdk-example-full.jsonl";

    [Test]
    [Arguments("not json")]
    [Arguments("{\"jsonrpc\":\"2.0\",\"id\":1,")]
    [Arguments("{\"id\":1,\"method\":\"\\ud800\"}")]
    public async Task A_line_that_is_not_JSON_is_answered_and_passed_over(string line)
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Recording));
        client.Send(line);

        await client.UntilAsync(lines => lines.Length == 1);
        await Assert.That(client.Lines()[0]).IsEqualTo("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}""");
        await client.OpenSessionAsync();
    }

    [Test]
    [Arguments("[]")]
    [Arguments("7")]
    [Arguments("{}")]
    [Arguments("{\"id\":3}")]
    public async Task JSON_that_is_no_message_is_an_invalid_request(string line)
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Recording));
        client.Send(line);

        await client.UntilAsync(lines => lines.Length == 1);
        await Assert.That(client.Lines()[0]).Contains("\"id\":null,\"error\":{\"code\":-32600");
    }

    [Test]
    [Arguments("12")]
    [Arguments("\"a \\u0022quoted\\u0022 日本\"")]
    [Arguments("null")]
    [Arguments("-9007199254740993")]
    public async Task An_id_comes_back_as_it_was_sent(string id)
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Recording));
        client.Send($$"""{"id":{{id}},"method":"initialize","params":{"protocolVersion":1},"jsonrpc":"2.0"}""");

        await client.UntilAsync(lines => lines.Length == 1);
        await Assert.That(client.Lines()[0]).StartsWith($$"""{"jsonrpc":"2.0","id":{{id}},"result":{"protocolVersion":1""");
    }

    [Test]
    public async Task What_was_not_recorded_is_an_unknown_method()
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Recording));
        foreach (var method in new[] { "session/load", "session/list", "_my/own" })
        {
            var answer = await client.CallAsync(method, """{"sessionId":"x"}""");
            await Assert.That(answer.GetProperty("error").GetProperty("code").GetInt32()).IsEqualTo(-32601);
        }
    }

    [Test]
    public async Task An_unknown_notification_is_ignored()
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Recording));
        client.Notify("$/cancel_request", """{"requestId":1}""");
        client.Notify("_my/own", "{}");
        client.Send("");
        await client.OpenSessionAsync();

        await Assert.That(client.Lines().Length).IsEqualTo(1);
    }

    [Test]
    public async Task A_prompt_to_an_unknown_session_is_an_error()
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Recording));
        var answer = await client.PromptAsync("nobody");

        await Assert.That(answer.GetProperty("error").GetProperty("code").GetInt32()).IsEqualTo(-32002);
    }

    [Test]
    public async Task A_session_of_an_earlier_process_is_loaded_under_its_own_id()
    {
        await using var client = ReplayClient.Start(Transcripts.Path("claude-agent-acp-load.jsonl"));
        var answer = await client.CallAsync("session/load", """{"sessionId":"from before","cwd":"/x","mcpServers":[]}""");
        await Assert.That(answer.GetProperty("result").GetProperty("sessionId").GetString()).IsEqualTo("from before");

        // Its prompts are those that were recorded after the loading: this one has 15 updates, the very first has 58.
        var before = client.Updates().Length;
        await client.PromptAsync("from before");
        var updates = client.Updates();
        await Assert.That(updates.Length - before).IsBetween(15, 16);
        await Assert.That(updates.All(line => line.Contains("\"sessionId\":\"from before\"", StringComparison.Ordinal))).IsTrue();
    }

    [Test]
    public async Task Lines_that_were_not_JSON_are_played_too()
    {
        using var transcript = new TemporaryTranscript("""
            {"dir":"a2c","t":0,"raw":"Debugger attached. 日本 \"🦊\""}
            {"dir":"c2a","t":1,"msg":{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}}
            {"dir":"a2c","t":2,"raw":"{\"jsonrpc\":"}
            {"dir":"a2c","t":3,"msg":{"jsonrpc":"2.0","id":0,"result":{"b":1,"a":{"_meta":null}}}}
            """);
        await using var client = ReplayClient.Start(transcript.File);
        await client.CallAsync("initialize", "{}", "\"x\"");

        await Assert.That(string.Join('\n', client.Lines())).IsEqualTo("""
            Debugger attached. 日本 "🦊"
            {"jsonrpc":
            {"jsonrpc":"2.0","id":"x","result":{"b":1,"a":{"_meta":null}}}
            """);
    }

    [Test]
    public async Task The_end_of_the_input_ends_it_even_in_the_middle_of_a_turn()
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Recording), "0.01");
        var session = await client.OpenSessionAsync();
        _ = client.PromptAsync(session);
        await client.UntilAsync(lines => lines.Length > 0);

        await Assert.That(await client.EndAsync()).IsEqualTo(0);
    }
}
