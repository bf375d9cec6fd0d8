using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What an agent asks, and who may answer.</summary>
public class PermissionTests
{
    private const string AsksOnce = "prompt = async () => { const answer = await permit(); say(JSON.stringify(answer.result.outcome)); };";

    [Test]
    public async Task A_pending_request_is_seen_by_a_late_joiner_and_answered_by_it()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksOnce);
        var (threadId, runId) = await stage.SubmitAsync("go");
        var requestId = await stage.PendingAsync();
        await using var late = await stage.ConnectAsync();
        var snapshot = await late.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"permissions\"");
        var reply = await late.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"yes\"");
        var update = await late.NextAsync();
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, """{"outcome":"selected","optionId":"yes"}""");

        var row = snapshot.GetProperty("rows")[0];
        await Assert.That(row.GetProperty("requestId").GetString()).IsEqualTo(requestId);
        await Assert.That(row.GetProperty("runId").GetString()).IsEqualTo(runId);
        await Assert.That(row.GetProperty("options").GetArrayLength()).IsEqualTo(2);
        await Assert.That(row.GetProperty("toolCall").GetProperty("title").GetString()).IsEqualTo("Write a file");
        await Assert.That(reply.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack");
        await Assert.That(update.GetProperty("row").GetProperty("status").GetString()).IsEqualTo("answered");
    }

    [Test]
    public async Task A_tool_call_that_only_a_request_announces_has_a_row()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksOnce);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.PendingAsync();
        var call = (await stage.RowsAsync("tool_calls.list", threadId))[0];
        await Assert.That(call.GetProperty("toolCallId").GetString()).IsEqualTo("c1");
        await Assert.That(call.GetProperty("kind").GetString()).IsEqualTo("edit");
    }

    [Test]
    public async Task The_first_answer_stands_and_later_ones_learn_it()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksOnce);
        var (threadId, _) = await stage.SubmitAsync("go");
        var requestId = await stage.PendingAsync();
        await using var other = await stage.ConnectAsync();
        var replies = await Task.WhenAll(
            stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"yes\""),
            other.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"no\""));
        var winner = Array.FindIndex(replies, reply => reply.GetProperty("type").GetString() == "tinyvex.ack");
        var loser = replies[1 - winner];
        var chosen = winner == 0 ? "yes" : "no";
        await stage.MessageAsync(threadId, $$"""{"outcome":"selected","optionId":"{{chosen}}"}""");

        await Assert.That(loser.GetProperty("code").GetString()).IsEqualTo("conflict");
        await Assert.That(loser.GetProperty("data").GetProperty("status").GetString()).IsEqualTo("answered");
        await Assert.That(loser.GetProperty("data").GetProperty("outcome").GetProperty("optionId").GetString()).IsEqualTo(chosen);
    }

    [Test]
    public async Task An_unknown_option_leaves_it_pending_and_cancelled_answers_it()
    {
        await using var stage = await AgentStage.ScriptAsync(AsksOnce);
        var (threadId, _) = await stage.SubmitAsync("go");
        var requestId = await stage.PendingAsync();
        var wrong = await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"maybe\"");
        var still = await stage.PendingAsync();
        var right = await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"cancelled\":true");
        await stage.MessageAsync(threadId, """{"outcome":"cancelled"}""");

        await Assert.That(wrong.GetProperty("code").GetString()).IsEqualTo("bad_request");
        await Assert.That(still).IsEqualTo(requestId);
        await Assert.That(right.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack");
    }

    [Test]
    public async Task A_cancel_of_the_run_answers_all_its_requests()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              const answers = await Promise.all([permit('c1'), permit('c2')]);
              await cancelled;
              say(answers.map(answer => answer.result.outcome.outcome).join());
              return 'cancelled';
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await Deadline.UntilAsync(() => stage.RowsAsync("permissions.list", threadId).Result.Length == 2, "both are pending");
        var requestId = await stage.PendingAsync();
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"threadId\":\"{threadId}\"");
        var late = await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"yes\"");
        var run = await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "cancelled,cancelled");

        await Assert.That(late.GetProperty("code").GetString()).IsEqualTo("conflict");
        await Assert.That(late.GetProperty("data").GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That((await stage.RowsAsync("permissions.list")).All(row => row.GetProperty("status").GetString() == "cancelled")).IsTrue();
    }

    [Test]
    public async Task A_request_made_after_the_cancel_is_cancelled_at_once()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => { say('ready'); await cancelled; const answer = await permit(); say(' ' + answer.result.outcome.outcome); return 'cancelled'; };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "ready");
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, " cancelled");
    }

    [Test]
    public async Task A_request_outside_of_a_turn_is_cancelled()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => { setTimeout(async () => say('later ' + (await permit()).result.outcome.outcome), 100); };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "later cancelled", partial: false);
        await Assert.That(await stage.RowsAsync("permissions.list")).IsEmpty();
    }

    [Test]
    public async Task What_the_agent_leaves_unanswered_at_the_end_of_its_turn_is_cancelled()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { permit(); await sleep(50); };");
        var run = await stage.RunAsync("go");
        var row = (await stage.RowsAsync("permissions.list"))[0];
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(row.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(row.GetProperty("outcome").GetProperty("outcome").GetString()).IsEqualTo("cancelled");
    }

    [Test]
    public async Task Ids_of_every_type_come_back_as_they_were_sent()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              const ids = [7, 'seven', null, -1.5e3, '\u{1F98A}"\\'];
              for (const id of ids) { const answer = await ask('unheard/of', { path: '/x' }, id); say(answer.error.code + ' '); }
              const answer = await permit('c1', 'a-b'); say(answer.id);
            };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        var requestId = await stage.PendingAsync();
        await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"yes\"");
        await stage.MessageAsync(threadId, "a-b");
        await stage.MessageAsync(threadId, "-32601 -32601 -32601 -32601 -32601 ");
    }

    [Test]
    public async Task A_request_without_its_fields_is_invalid()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => { const answer = await ask('session/request_permission', { options: [] }); say(String(answer.error.code)); };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "-32602");
    }
}
