using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What an agent wants to know beside permissions: forms, and pages to visit.</summary>
public class ElicitationTests
{
    private const string Elicit = """
        const form = { mode: 'form', message: 'Where to?', requestedSchema: { type: 'object', properties: {
          branch: { type: 'string', minLength: 1 }, push: { type: 'boolean' }, where: { type: 'string', enum: ['here', 'there'] } }, required: ['branch'] } };
        const page = { mode: 'url', message: 'Log in', elicitationId: 'e1', url: 'https://example.org/login' };
        const elicit = async (params, id) => { const answer = await ask('elicitation/create', params, id); return JSON.stringify(answer.result ?? answer.error.code); };

        """;

    private const string AsksForm = Elicit + "prompt = async () => { say(await elicit(form)); };";

    [Test]
    public async Task A_form_is_seen_by_a_late_joiner_and_answered_by_it()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksForm);
        var (threadId, runId) = await stage.SubmitAsync("go");
        var requestId = await PendingAsync(stage);
        await using var late = await stage.ConnectAsync();
        var all = await late.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"elicitations\"");
        var thread = await late.RequestAsync($"\"control\":\"tvx.subscribe\",\"stream\":\"thread\",\"threadId\":\"{threadId}\"");
        var reply = await RespondAsync(late, requestId, "\"action\":\"accept\",\"content\":{\"branch\":\"main\",\n\"push\":true}");
        var update = await late.NextAsync();
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, """{"action":"accept","content":{"branch":"main","push":true}}""");

        foreach (var row in (JsonElement[])[all.GetProperty("rows")[0], thread.GetProperty("elicitations")[0]])
        {
            await Assert.That(row.GetProperty("requestId").GetString()).IsEqualTo(requestId);
            await Assert.That(row.GetProperty("runId").GetString()).IsEqualTo(runId);
            await Assert.That(row.GetProperty("status").GetString()).IsEqualTo("pending");
            await Assert.That(row.GetProperty("request").GetProperty("message").GetString()).IsEqualTo("Where to?");
        }

        await Assert.That(reply.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack");
        await Assert.That(update.GetProperty("row").GetProperty("status").GetString()).IsEqualTo("answered");
        await Assert.That(update.GetProperty("row").GetProperty("answeredBy").GetString()).IsEqualTo("client");
        await Assert.That(update.GetProperty("row").GetProperty("outcome").GetProperty("content").GetProperty("branch").GetString()).IsEqualTo("main");
    }

    [Test]
    [Arguments("\"action\":\"accept\"", "'branch' in 'content' is required")]
    [Arguments("\"action\":\"accept\",\"content\":{\"branch\":7}", "'branch' in 'content' must be a string")]
    [Arguments("\"action\":\"accept\",\"content\":{\"branch\":\"m\",\"where\":\"up\"}", "'where' in 'content' must be one of here, there")]
    [Arguments("\"action\":\"accept\",\"content\":[]", "'content' must be an object, as the form asks for it")]
    [Arguments("\"action\":\"decline\",\"content\":{}", "'content' goes with the action accept alone")]
    [Arguments("\"action\":\"maybe\"", "'action' must be accept, decline or cancel")]
    [Arguments("\"content\":{}", "'action' (a string) is needed")]
    public async Task An_answer_that_does_not_fit_leaves_it_pending(string answer, string message)
    {
        await using var stage = await AgentStage.ScriptAsync(AsksForm);
        var (threadId, _) = await stage.SubmitAsync("go");
        var requestId = await PendingAsync(stage);
        var wrong = await RespondAsync(stage.Client, requestId, answer);
        var right = await RespondAsync(stage.Client, await PendingAsync(stage), "\"action\":\"decline\"");
        await stage.MessageAsync(threadId, """{"action":"decline"}""");

        await Assert.That(wrong.GetProperty("code").GetString()).IsEqualTo("bad_request");
        await Assert.That(wrong.GetProperty("message").GetString()).IsEqualTo(message);
        await Assert.That(right.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack");
    }

    [Test]
    public async Task The_first_of_two_answers_stands_and_the_other_learns_it()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksForm);
        var (threadId, _) = await stage.SubmitAsync("go");
        var requestId = await PendingAsync(stage);
        await using var other = await stage.ConnectAsync();
        var replies = await Task.WhenAll(
            RespondAsync(stage.Client, requestId, "\"action\":\"decline\""), RespondAsync(other, requestId, "\"action\":\"cancel\""));
        var winner = Array.FindIndex(replies, reply => reply.GetProperty("type").GetString() == "tinyvex.ack");
        var (action, status) = winner == 0 ? ("decline", "answered") : ("cancel", "cancelled");
        await stage.MessageAsync(threadId, $$"""{"action":"{{action}}"}""");

        var loser = replies[1 - winner];
        await Assert.That(loser.GetProperty("code").GetString()).IsEqualTo("conflict");
        await Assert.That(loser.GetProperty("data").GetProperty("status").GetString()).IsEqualTo(status);
        await Assert.That(loser.GetProperty("data").GetProperty("outcome").GetProperty("action").GetString()).IsEqualTo(action);
    }

    [Test]
    public async Task It_is_cancelled_with_its_turn()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + "prompt = async () => { const answer = await elicit(form); await cancelled; say(answer); return 'cancelled'; };");
        var (threadId, runId) = await stage.SubmitAsync("go");
        var requestId = await PendingAsync(stage);
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"threadId\":\"{threadId}\"");
        var late = await RespondAsync(stage.Client, requestId, "\"action\":\"decline\"");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, """{"action":"cancel"}""");

        await Assert.That(late.GetProperty("code").GetString()).IsEqualTo("conflict");
        await Assert.That(late.GetProperty("data").GetProperty("status").GetString()).IsEqualTo("cancelled");
    }

    [Test]
    public async Task What_the_agent_takes_back_nobody_need_answer()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + """
            prompt = async () => {
              const asked = [elicit(form, 'one'), elicit(form, 2), permit('c1', 'three')];
              for (const requestId of ['one', 2, 'three', 'none']) send({ method: '$/cancel_request', params: { requestId } });
              const [one, two, three] = await Promise.all(asked);
              say(one + two + JSON.stringify(three.result));
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, """{"action":"cancel"}{"action":"cancel"}{"outcome":{"outcome":"cancelled"}}""");
        await Assert.That((await stage.RowsAsync("elicitations.list")).Concat(await stage.RowsAsync("permissions.list")).Select(row => $"{row.GetProperty("status")}{row.GetProperty("answeredBy")}"))
            .IsEquivalentTo((string[])["cancelled", "cancelled", "cancelled"]);
    }

    [Test]
    public async Task A_page_is_accepted_and_later_completed()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + """
            prompt = async () => {
              say(await elicit(page));
              for (const elicitationId of ['e0', 'e1', 'e1', 7]) send({ method: 'elicitation/complete', params: { elicitationId } });
            };
            """);
        await stage.Client.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"elicitations\"");
        var (threadId, _) = await stage.SubmitAsync("go");
        var requestId = await PendingAsync(stage);
        var wrong = await RespondAsync(stage.Client, requestId, "\"action\":\"accept\",\"content\":{}");
        await RespondAsync(stage.Client, requestId, "\"action\":\"accept\"");
        await stage.MessageAsync(threadId, """{"action":"accept"}""");
        var row = await stage.RowAsync("elicitations.list", threadId, row => row.GetProperty("status").GetString() == "completed");

        await Assert.That(wrong.GetProperty("code").GetString()).IsEqualTo("bad_request");
        await Assert.That(row.GetProperty("request").GetProperty("url").GetString()).IsEqualTo("https://example.org/login");
        await Assert.That(row.GetProperty("answeredBy").GetString()).IsEqualTo("client");
        var seen = new List<string>();
        for (var i = 0; i < 3; i++) seen.Add((await stage.Client.NextAsync()).GetProperty("row").GetProperty("status").GetString()!);
        await Assert.That(string.Join(' ', seen)).IsEqualTo("pending answered completed");
    }

    [Test]
    public async Task A_page_that_was_visited_before_anybody_answered_is_accepted_by_that()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + """
            prompt = async () => { const answer = elicit(page); send({ method: 'elicitation/complete', params: { elicitationId: 'e1' } }); say(await answer); };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, """{"action":"accept"}""");
        var row = (await stage.RowsAsync("elicitations.list"))[0];
        await Assert.That($"{row.GetProperty("status")} {row.GetProperty("answeredBy")}").IsEqualTo("completed agent");
    }

    [Test]
    public async Task What_was_declined_cannot_be_completed()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + """
            prompt = async () => { say(await elicit(page)); send({ method: 'elicitation/complete', params: { elicitationId: 'e1' } }); };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await RespondAsync(stage.Client, await PendingAsync(stage), "\"action\":\"decline\"");
        await stage.EndAsync(runId);
        // A later turn shows that the notification was passed over and not on its way.
        await stage.SubmitAsync("again", threadId);
        await PendingAsync(stage);
        await Assert.That((await stage.RowsAsync("elicitations.list"))[1].GetProperty("status").GetString()).IsEqualTo("answered");
    }

    [Test]
    public async Task Outside_of_a_turn_it_belongs_to_none_and_waits_until_the_agent_is_gone()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + """
            prompt = async text => {
              if (text === 'end') process.exit(0);
              setTimeout(async () => say(await elicit({ ...form, sessionId: undefined, requestId: null })), 20);
              setTimeout(() => elicit(page), 40);
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.EndAsync(runId);
        await Deadline.UntilAsync(() => stage.RowsAsync("elicitations.list", threadId).Result.Length == 2, "both are asked");
        var rows = await stage.RowsAsync("elicitations.list");
        await RespondAsync(stage.Client, rows[1].GetProperty("requestId").GetString()!, "\"action\":\"accept\",\"content\":{\"branch\":\"b\"}");
        await stage.MessageAsync(threadId, """{"action":"accept","content":{"branch":"b"}}""", partial: false);
        await stage.RunAsync("end", threadId);
        var left = await stage.RowAsync("elicitations.list", threadId, row => row.GetProperty("status").GetString() == "cancelled");

        await Assert.That(rows.All(row => row.GetProperty("runId").ValueKind == JsonValueKind.Null)).IsTrue();
        await Assert.That(left.GetProperty("request").GetProperty("mode").GetString()).IsEqualTo("url");
    }

    [Test]
    public async Task A_cancelled_turn_leaves_what_was_asked_outside_of_it()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + """
            prompt = async text => {
              if (text === 'wait') { await cancelled; return 'cancelled'; }
              setTimeout(async () => { const answer = await elicit(form); say(answer); }, 20);
            };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        var requestId = await PendingAsync(stage);
        var (_, runId) = await stage.SubmitAsync("wait", threadId);
        await stage.StateAsync(runId, "running");
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        await stage.EndAsync(runId);
        await RespondAsync(stage.Client, requestId, "\"action\":\"decline\"");
        await stage.MessageAsync(threadId, """{"action":"decline"}""");
    }

    [Test]
    public async Task A_restart_cancels_what_was_asked_and_a_deletion_removes_it()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksForm);
        var (threadId, _) = await stage.SubmitAsync("go");
        var requestId = await PendingAsync(stage);
        await stage.Server.KillAsync();
        await stage.Client.DisposeAsync();
        await stage.StartServerAsync();
        var row = (await stage.RowsAsync("elicitations.list"))[0];
        var late = await RespondAsync(stage.Client, requestId, "\"action\":\"decline\"");
        await stage.Client.RequestAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{threadId}\"");

        await Assert.That(row.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(late.GetProperty("code").GetString()).IsEqualTo("conflict");
        await Assert.That(await stage.RowsAsync("elicitations.list")).IsEmpty();
        await Assert.That((await RespondAsync(stage.Client, requestId, "\"action\":\"decline\"")).GetProperty("code").GetString()).IsEqualTo("not_found");
    }

    [Test]
    public async Task One_who_was_away_is_told_each_of_them()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksForm);
        var cursor = (await stage.Client.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"elicitations\"")).GetProperty("cursor").GetString();
        var (threadId, runId) = await stage.SubmitAsync("go");
        await RespondAsync(stage.Client, await PendingAsync(stage), "\"action\":\"decline\"");
        await stage.EndAsync(runId);
        // What is still in memory would be told as it was at the time.
        await stage.Server.KillAsync();
        await stage.Client.DisposeAsync();
        await stage.StartServerAsync();
        await using var back = await stage.ConnectAsync();
        await back.RequestAsync($"\"control\":\"tvx.subscribe\",\"stream\":\"elicitations\",\"since\":\"{cursor}\"");

        // As the row is by now, but once for each time that it changed.
        for (var i = 0; i < 2; i++)
        {
            var update = await back.NextAsync();
            await Assert.That(update.GetProperty("stream").GetString()).IsEqualTo("elicitations");
            await Assert.That(update.GetProperty("row").GetProperty("status").GetString()).IsEqualTo("answered");
        }
    }

    [Test]
    public async Task In_broadcast_mode_everybody_is_told()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksForm);
        await using var all = await TestClient.ConnectAsync(stage.Server, "tinyvex.broadcast.v1");
        await stage.SubmitAsync("go");
        await PendingAsync(stage);
        JsonElement frame;
        do frame = await all.NextAsync();
        while (!(frame.TryGetProperty("stream", out var stream) && stream.GetString() == "elicitations"));
        await Assert.That(frame.GetProperty("row").GetProperty("status").GetString()).IsEqualTo("pending");
    }

    [Test]
    public async Task More_than_can_be_looked_at_are_refused()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + """
            prompt = async () => { for (let i = 0; i < 100; i++) elicit(form, i); say(await elicit(form, 100)); await never; };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "-32603");
        var info = (await stage.RowsAsync("server.info"))[0];
        await Assert.That(info.GetProperty("elicitationsPending").GetInt64()).IsEqualTo(100);
        var page = await stage.Client.RequestAsync("\"control\":\"tvx.query\",\"name\":\"elicitations.list\",\"args\":{\"status\":\"pending\",\"limit\":60}");
        var next = await stage.Client.RequestAsync($"\"control\":\"tvx.query\",\"name\":\"elicitations.list\",\"args\":{{\"status\":\"pending\",\"page\":\"{page.GetProperty("nextPage")}\"}}");
        await Assert.That(next.GetProperty("rows").GetArrayLength()).IsEqualTo(40);
    }

    [Test]
    public async Task What_nobody_could_answer_is_invalid()
    {
        await using var stage = await AgentStage.ScriptAsync(Elicit + """
            prompt = async () => {
              const wrong = [
                { ...form, message: undefined }, { ...form, mode: 'voice' }, { ...form, mode: undefined }, { ...form, requestedSchema: 'x' },
                { ...form, requestedSchema: { type: 'array' } }, { ...page, url: undefined }, { ...page, elicitationId: 7 }, { ...form, message: 'x'.repeat(256 * 1024) },
                { ...form, '\ud800': 1 }];
              const answers = [];
              for (const one of wrong) answers.push(await elicit(one));
              say(answers.join(' '));
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, string.Join(' ', Enumerable.Repeat("-32602", 9)));
        await Assert.That(await stage.RowsAsync("elicitations.list")).IsEmpty();
    }

    [Test]
    public async Task Agents_are_told_that_both_ways_of_asking_are_known()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            let offered;
            on.initialize = m => { offered = m.params.clientCapabilities.elicitation; reply(m.id, { protocolVersion: 1 }); };
            prompt = async () => { say(JSON.stringify(offered)); };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, """{"form":{},"url":{}}""");
    }

    private static async Task<string> PendingAsync(AgentStage stage) =>
        (await stage.RowAsync("elicitations.list", null, row => row.GetProperty("status").GetString() == "pending")).GetProperty("requestId").GetString()!;

    private static Task<JsonElement> RespondAsync(TestClient client, string requestId, string answer) =>
        client.RequestAsync($"\"control\":\"elicitation.respond\",\"requestId\":\"{requestId}\",{answer}");
}
