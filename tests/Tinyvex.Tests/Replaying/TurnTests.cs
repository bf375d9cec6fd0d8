using System.Text.Json;

namespace Tinyvex.Tests.Replaying;

public class TurnTests
{
    private const string Permission = "sdk-example-full.jsonl";

    // Ten seconds of speech, of which a test hears as much as it likes.
    private static readonly string Slow = string.Join('\n', [
        Handshake,
        """{"dir":"c2a","t":20,"msg":{"jsonrpc":"2.0","id":2,"method":"session/prompt","params":{"sessionId":"s","prompt":[]}}}""",
        .. Enumerable.Range(0, 1000).Select(i => Chunk(30 + (i * 10), $"slow {i}")),
        """{"dir":"a2c","t":10030,"msg":{"jsonrpc":"2.0","id":2,"result":{"stopReason":"end_turn"}}}""",
        """{"dir":"c2a","t":10040,"msg":{"jsonrpc":"2.0","id":3,"method":"session/prompt","params":{"sessionId":"s","prompt":[]}}}""",
        Chunk(10045, "second"),
        """{"dir":"a2c","t":10050,"msg":{"jsonrpc":"2.0","id":3,"result":{"stopReason":"max_tokens"}}}""",
    ]);

    private const string Handshake = """
        {"dir":"c2a","t":0,"msg":{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":1}}}
        {"dir":"a2c","t":1,"msg":{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":1}}}
        {"dir":"c2a","t":10,"msg":{"jsonrpc":"2.0","id":1,"method":"session/new","params":{"cwd":"/x","mcpServers":[]}}}
        {"dir":"a2c","t":11,"msg":{"jsonrpc":"2.0","id":1,"result":{"sessionId":"s"}}}
        """;

    [Test]
    public async Task A_cancelled_prompt_is_answered_at_once_and_the_next_one_goes_on()
    {
        using var transcript = new TemporaryTranscript(Slow);
        await using var client = ReplayClient.Start(transcript.File, "recorded");
        var session = await client.OpenSessionAsync();

        var prompt = client.PromptAsync(session);
        await client.UntilAsync(lines => lines.Any(line => line.Contains("slow 3\"", StringComparison.Ordinal)));
        client.Cancel(session);

        await Assert.That(StopReason(await prompt)).IsEqualTo("cancelled");
        var heard = client.Updates().Length;
        await Assert.That(heard).IsLessThan(1000);
        await Assert.That(StopReason(await client.PromptAsync(session))).IsEqualTo("max_tokens");
        await Assert.That(client.Updates().Length).IsEqualTo(heard + 1);
    }

    [Test]
    public async Task A_cancel_that_follows_its_prompt_at_once_is_not_lost()
    {
        using var transcript = new TemporaryTranscript(Slow);
        await using var client = ReplayClient.Start(transcript.File, "recorded");
        var session = await client.OpenSessionAsync();

        var prompt = client.PromptAsync(session);
        client.Cancel(session);

        await Assert.That(StopReason(await prompt)).IsEqualTo("cancelled");
    }

    [Test]
    public async Task A_cancel_with_nothing_to_cancel_does_not_reach_the_next_prompt()
    {
        using var transcript = new TemporaryTranscript(Slow);
        await using var client = ReplayClient.Start(transcript.File);
        var session = await client.OpenSessionAsync();

        client.Cancel(session);
        client.Cancel("unknown");

        await Assert.That(StopReason(await client.PromptAsync(session))).IsEqualTo("end_turn");
    }

    [Test]
    public async Task A_second_prompt_waits_for_the_first()
    {
        using var transcript = new TemporaryTranscript(Slow);
        await using var client = ReplayClient.Start(transcript.File);
        var session = await client.OpenSessionAsync();

        await Task.WhenAll(client.PromptAsync(session), client.PromptAsync(session));

        var lines = client.Lines();
        await Assert.That(lines[^3]).Contains("end_turn");
        await Assert.That(lines[^2]).Contains("\"second\"");
        await Assert.That(lines[^1]).Contains("max_tokens");
    }

    [Test]
    public async Task A_permission_is_really_asked_for_and_its_turn_waits()
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Permission));
        client.Reply = _ => null;
        var session = await client.OpenSessionAsync();

        var prompt = client.PromptAsync(session);
        await client.UntilAsync(lines => lines.Any(line => line.Contains("session/request_permission", StringComparison.Ordinal)));
        await Assert.That(prompt.IsCompleted).IsFalse();
        await Assert.That(client.Updates().Length).IsEqualTo(5);
        client.Cancel(session);

        await Assert.That(StopReason(await prompt)).IsEqualTo("cancelled");
    }

    [Test]
    public async Task A_rejected_permission_fails_the_tool_call_and_ends_the_turn()
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Permission));
        client.Reply = ReplayClient.Reject;
        var session = await client.OpenSessionAsync();

        await Assert.That(StopReason(await client.PromptAsync(session))).IsEqualTo("end_turn");

        var updates = client.Updates();
        await Assert.That(updates.Length).IsEqualTo(7);
        await Assert.That(updates[5]).Contains("""{"sessionUpdate":"tool_call_update","toolCallId":"call_2","status":"failed"}""");
        await Assert.That(updates[6]).Contains("not allowed");
    }

    [Test]
    public async Task A_refusal_that_was_recorded_goes_on_as_recorded()
    {
        await using var client = ReplayClient.Start(Transcripts.Path("zed-codex-acp-reject.jsonl"));
        client.Reply = ReplayClient.Reject;
        var session = await client.OpenSessionAsync();

        await Assert.That(StopReason(await client.PromptAsync(session))).IsEqualTo("cancelled");
        await Assert.That(client.Updates()[^1]).DoesNotContain("not allowed");
    }

    [Test]
    public async Task A_permission_answered_with_cancelled_cancels_the_turn()
    {
        await using var client = ReplayClient.Start(Transcripts.Path(Permission));
        client.Reply = _ => """ "result":{"outcome":{"outcome":"cancelled"}}""";
        var session = await client.OpenSessionAsync();

        await Assert.That(StopReason(await client.PromptAsync(session))).IsEqualTo("cancelled");
        await Assert.That(client.Updates().Length).IsEqualTo(5);
    }

    [Test]
    public async Task Sessions_play_side_by_side_each_from_its_own_beginning()
    {
        await using var client = ReplayClient.Start(Transcripts.Path("codex-acp-full.jsonl"), "50");
        string[] sessions = [await client.OpenSessionAsync(), await client.OpenSessionAsync(), await client.OpenSessionAsync()];
        await Assert.That(sessions.Distinct().Count()).IsEqualTo(3);

        await Task.WhenAll(sessions.Select(client.PromptAsync));

        var played = sessions.Select(session => client.Updates().Where(line => line.Contains(session, StringComparison.Ordinal))
            .Select(line => line.Replace(session, "", StringComparison.Ordinal)).ToArray()).ToArray();
        await Assert.That(played[0].Length).IsEqualTo(276);
        await Assert.That(string.Join('\n', played[1])).IsEqualTo(string.Join('\n', played[0]));
        await Assert.That(string.Join('\n', played[2])).IsEqualTo(string.Join('\n', played[0]));
        var order = client.Updates().Select(line => Array.FindIndex(sessions, session => line.Contains(session, StringComparison.Ordinal)));
        await Assert.That(order.Zip(order.Skip(1)).Count(pair => pair.First != pair.Second)).IsGreaterThan(10);
    }

    [Test]
    public async Task A_recording_that_has_run_out_begins_again_with_new_ids()
    {
        await using var client = ReplayClient.Start(Transcripts.Path("codex-acp-perm.jsonl"));
        var session = await client.OpenSessionAsync();
        for (var i = 0; i < 6; i++)
            await client.PromptAsync(session);

        var updates = client.Updates();
        var (ids, messages) = (Ids(updates, "tool_call", "toolCallId"), Ids(updates, "agent_message_chunk", "messageId"));
        await Assert.That(ids.Length).IsEqualTo(6);
        await Assert.That(ids.Distinct().Count()).IsEqualTo(6);
        await Assert.That(ids[2]).IsEqualTo(ids[0] + "~2");
        await Assert.That(ids[4]).IsEqualTo(ids[0] + "~3");
        await Assert.That(messages.Distinct().Count() % 3).IsEqualTo(0);

        // Every update speaks of a tool call of its own round.
        await Assert.That(Ids(updates, "tool_call_update", "toolCallId").All(ids.Contains)).IsTrue();
        var asked = client.Lines().Where(line => line.Contains("session/request_permission", StringComparison.Ordinal)).ToArray();
        await Assert.That(asked[2]).Contains("~2\"");
    }

    [Test]
    public async Task A_prompt_without_an_answer_in_the_recording_ends_the_turn()
    {
        using var transcript = new TemporaryTranscript($"{Handshake}\n" +
            """{"dir":"c2a","t":20,"msg":{"jsonrpc":"2.0","id":2,"method":"session/prompt","params":{"sessionId":"s","prompt":[]}}}""" +
            $"\n{Chunk(30, "last words")}\n");
        await using var client = ReplayClient.Start(transcript.File);
        var session = await client.OpenSessionAsync();

        await Assert.That(StopReason(await client.PromptAsync(session))).IsEqualTo("end_turn");
        await Assert.That(client.Updates()[^1]).Contains("last words");
    }

    [Test]
    public async Task What_follows_an_answer_hurries_when_the_next_prompt_comes()
    {
        using var transcript = new TemporaryTranscript(
            $"{Handshake}\n{Chunk(600_000, "late one")}\n{Chunk(1_200_000, "late two")}\n" +
            """{"dir":"c2a","t":1300000,"msg":{"jsonrpc":"2.0","id":2,"method":"session/prompt","params":{"sessionId":"s","prompt":[]}}}""" +
            $"\n{Chunk(1_300_001, "prompted")}\n" +
            """{"dir":"a2c","t":1300002,"msg":{"jsonrpc":"2.0","id":2,"result":{"stopReason":"end_turn"}}}""");
        await using var client = ReplayClient.Start(transcript.File, "recorded");
        await client.PromptAsync(await client.OpenSessionAsync());

        var updates = client.Updates();
        await Assert.That(updates.Length).IsEqualTo(3);
        await Assert.That(updates[0]).Contains("late one");
        await Assert.That(updates[1]).Contains("late two");
        await Assert.That(updates[2]).Contains("prompted");
    }

    [Test]
    public async Task Files_and_terminals_are_not_asked_of_a_client_without_them()
    {
        await using var client = ReplayClient.Start(Transcripts.Path("synthetic-all.jsonl"));
        await client.CallAsync("initialize", """{"protocolVersion":1,"clientCapabilities":{"fs":{"readTextFile":true}}}""");
        var session = await client.OpenSessionAsync();
        await client.PromptAsync(session);

        var asked = client.Lines().Select(line => JsonDocument.Parse(line).RootElement)
            .Where(message => message.TryGetProperty("id", out _) && message.TryGetProperty("method", out _))
            .Select(message => message.GetProperty("method").GetString()).ToArray();
        await Assert.That(string.Join(' ', asked)).IsEqualTo(
            "session/request_permission fs/read_text_file fs/read_text_file _synthetic/ask");
    }

    [Test]
    public async Task A_terminal_is_called_what_the_client_calls_it()
    {
        await using var client = ReplayClient.Start(Transcripts.Path("synthetic-all.jsonl"));
        client.Reply = request => request.GetProperty("method").GetString() == "terminal/create"
            ? """ "result":{"terminalId":"tty 7"}""" : ReplayClient.Allow(request);
        await client.CallAsync("initialize", """{"protocolVersion":1,"clientCapabilities":{"terminal":true}}""");
        await client.PromptAsync(await client.OpenSessionAsync());

        var lines = client.Lines();
        await Assert.That(lines.Any(line => line.Contains("\"term-", StringComparison.Ordinal))).IsFalse();
        await Assert.That(lines.Count(line => line.Contains("\"terminalId\":\"tty 7\"", StringComparison.Ordinal))).IsEqualTo(7);
    }

    [Test]
    public async Task Recorded_time_is_kept_and_divided_by_the_speed()
    {
        using var transcript = new TemporaryTranscript(Slow);
        await using var client = ReplayClient.Start(transcript.File, "20");
        var session = await client.OpenSessionAsync();

        var start = TimeProvider.System.GetTimestamp();
        await client.PromptAsync(session);

        // Ten seconds at twenty times the speed; a slow machine may need longer, none may need less.
        await Assert.That(TimeProvider.System.GetElapsedTime(start)).IsGreaterThan(TimeSpan.FromMilliseconds(490));
        await Assert.That(client.Updates().Length).IsEqualTo(1000);
    }

    [Test]
    public async Task The_demonstration_shows_every_part_of_a_turn()
    {
        await using var client = ReplayClient.Start(file: null);
        await client.CallAsync("initialize", """{"protocolVersion":1}""");
        var session = await client.OpenSessionAsync();
        for (var i = 0; i < 3; i++)
            await Assert.That(StopReason(await client.PromptAsync(session))).IsEqualTo("end_turn");

        var kinds = client.Updates().Select(line => JsonDocument.Parse(line).RootElement.GetProperty("params").GetProperty("update")
            .GetProperty("sessionUpdate").GetString()).Distinct().Order(StringComparer.Ordinal);
        await Assert.That(string.Join(' ', kinds)).IsEqualTo("agent_message_chunk agent_thought_chunk available_commands_update " +
            "plan tool_call tool_call_update usage_update");
        await Assert.That(client.Lines().Count(line => line.Contains("session/request_permission", StringComparison.Ordinal))).IsEqualTo(2);
    }

    private static string Chunk(int time, string text) =>
        $$"""{"dir":"a2c","t":{{time}},"msg":{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":""" +
        $$"""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{text}}"}""" + "}}}}";

    private static string StopReason(JsonElement answer) => answer.GetProperty("result").GetProperty("stopReason").GetString()!;

    private static string[] Ids(string[] updates, string kind, string name) => [.. updates
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("params").GetProperty("update"))
        .Where(update => update.GetProperty("sessionUpdate").GetString() == kind && update.TryGetProperty(name, out _))
        .Select(update => update.GetProperty(name).GetString()!)];
}
