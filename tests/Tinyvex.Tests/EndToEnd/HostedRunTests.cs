using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Prompts, cancels and answers of any client reach the connection that runs the agent.</summary>
public class HostedRunTests
{
    [Test]
    public async Task A_prompt_of_a_phone_reaches_the_host_and_what_it_says_the_phone()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("Fix it");
        var asked = await stage.ToldAsync("run.requested");

        await Assert.That(asked.Text("runId")).IsEqualTo(runId);
        await Assert.That(asked.Text("threadId")).IsEqualTo(threadId);
        await Assert.That(asked.GetProperty("prompt").GetRawText()).IsEqualTo("""[{"type":"text","text":"Fix it"}]""");
        await Assert.That(asked.Has("again")).IsFalse();

        await stage.Phone.SubscribeAsync("thread", threadId);
        await stage.Host.AckedAsync($"{Wire.Ingest(threadId, Wire.Chunk("It is "), Wire.Chunk("fixed."))},\"runId\":{Wire.Quote(runId)}");
        await stage.EndAsync(threadId, runId);

        var end = await stage.Phone.NextAsync(frame => frame.TryGetProperty("row", out var row) && row.Has("status") && row.Text("status") == "completed");
        await Assert.That(end.GetProperty("row").Text("stopReason")).IsEqualTo("end_turn");
        var messages = await stage.Phone.RowsAsync("messages.list", threadId);
        await Assert.That(messages.Select(row => $"{row.Text("role")}: {row.Text("text")} {row.GetProperty("partial")}").Lines())
            .IsEqualTo("user: Fix it False\nassistant: It is fixed. False");
    }

    [Test]
    public async Task Prompts_of_one_thread_come_one_after_the_other_and_threads_do_not_wait_for_each_other()
    {
        await using var stage = await HostStage.StartAsync();
        var (one, first) = await stage.SubmitAsync("1");
        await stage.ToldAsync("run.requested");
        // The thread's agent is the host's, so it need not be named.
        var (_, second) = await stage.SubmitAsync("2", one);
        var (other, third) = await stage.SubmitAsync("3");
        await Assert.That((await stage.ToldAsync("run.requested")).Text("runId")).IsEqualTo(third);

        await stage.EndAsync(one, first);
        await Assert.That((await stage.ToldAsync("run.requested")).Text("runId")).IsEqualTo(second);
        await stage.EndAsync(one, second);
        await stage.EndAsync(other, third, "refusal");
        await Assert.That((await stage.EndedAsync(third)).Text("stopReason")).IsEqualTo("refusal");
    }

    [Test]
    public async Task A_permission_that_another_client_answers_reaches_the_host_behind_the_ack()
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Phone.SubscribeAsync("permissions");
        var (threadId, runId) = await stage.SubmitAsync("Write it");
        await stage.ToldAsync("run.requested");
        var requestId = await stage.AskAsync(threadId, runId);
        var shown = await stage.Phone.NextAsync(frame => frame.Text("stream") == "permissions");
        await Assert.That(shown.GetProperty("row").Text("requestId")).IsEqualTo(requestId);

        await using var other = await TestClient.ConnectAsync(stage.Server);
        await other.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"yes\"");

        var answer = await stage.ToldAsync("permission.answered");
        await Assert.That(answer.Text("requestId")).IsEqualTo(requestId);
        await Assert.That(answer.Text("runId")).IsEqualTo(runId);
        await Assert.That(answer.GetProperty("outcome").GetRawText()).IsEqualTo("""{"outcome":"selected","optionId":"yes"}""");
        await stage.EndAsync(threadId, runId);
    }

    [Test]
    public async Task What_the_threads_policy_allows_is_answered_behind_the_ack_without_anybody()
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Phone.SubscribeAsync("permissions");
        var submitted = await stage.Phone.RequestAsync("\"control\":\"run.submit\",\"text\":\"Write it\",\"agent\":\"mine\",\"policy\":\"allow-all\"");
        await stage.ToldAsync("run.requested");
        var requestId = await stage.AskAsync(submitted.Text("threadId"), submitted.Text("runId"));
        var answer = await stage.ToldAsync("permission.answered");
        await Assert.That($"{answer.Text("requestId")} {answer.GetProperty("outcome").Text("optionId")}").IsEqualTo($"{requestId} yes");
        var shown = await stage.Phone.NextAsync(frame => frame.Text("stream") == "permissions" && frame.GetProperty("row").Text("status") == "answered");
        await Assert.That(shown.GetProperty("row").Text("answeredBy")).IsEqualTo("policy:allow-all");

        // Set later, it answers what waits.
        var (threadId, runId) = await stage.SubmitAsync("Write it too");
        await stage.ToldAsync("run.requested");
        var pending = await stage.AskAsync(threadId, runId);
        await stage.Phone.AckedAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"{threadId}\",\"updates\":{{\"policy\":\"allow-all\"}}");
        await Assert.That((await stage.ToldAsync("permission.answered")).Text("requestId")).IsEqualTo(pending);
    }

    [Test]
    public async Task A_cancel_reaches_the_host_with_its_permissions_cancelled_and_the_host_ends_the_turn()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("Go on for ever");
        await stage.ToldAsync("run.requested");
        await stage.AskAsync(threadId, runId);
        await stage.Phone.AckedAsync($"\"control\":\"run.cancel\",\"threadId\":\"{threadId}\"");

        await Assert.That((await stage.ToldAsync("run.cancel_requested")).Text("runId")).IsEqualTo(runId);
        await Assert.That((await stage.ToldAsync("permission.answered")).GetProperty("outcome").Text("outcome")).IsEqualTo("cancelled");
        await stage.Host.IngestAsync(threadId, Wire.Chunk("Oh."));
        // However it ends: it was told to.
        await stage.Host.AckedAsync($"\"control\":\"tvx.end_run\",\"threadId\":\"{threadId}\",\"error\":\"aborted\"");
        var run = await stage.EndedAsync(runId);
        await Assert.That($"{run.Text("status")} {run.Text("stopReason")} {run.GetProperty("error")}").IsEqualTo("cancelled cancelled ");
    }

    [Test]
    public async Task A_host_that_does_not_end_a_cancelled_turn_loses_it_and_can_say_nothing_more_in_it()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("Go on for ever");
        await stage.ToldAsync("run.requested");
        await stage.Phone.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        await Assert.That((await stage.EndedAsync(runId)).Text("status")).IsEqualTo("cancelled");

        await Assert.That(await stage.Host.RefusedAsync($"{Wire.Ingest(threadId, Wire.Chunk("late"))},\"runId\":\"{runId}\"")).IsEqualTo("conflict");
        await Assert.That(await stage.Host.RefusedAsync($"\"control\":\"tvx.end_run\",\"threadId\":\"{threadId}\",\"runId\":\"{runId}\",\"stopReason\":\"end_turn\""))
            .IsEqualTo("conflict");
    }

    [Test]
    public async Task A_failure_of_the_host_is_the_runs_error()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("Fail");
        await stage.ToldAsync("run.requested");
        await stage.Host.AckedAsync($$$"""
            "control":"tvx.end_run","threadId":"{{{threadId}}}","runId":"{{{runId}}}","error":{ "message":"no more credit", "data":{"left":0} }
            """);
        var run = await stage.EndedAsync(runId);
        await Assert.That(run.Text("status")).IsEqualTo("failed");
        await Assert.That(run.GetProperty("error").GetRawText()).IsEqualTo("""{"code":"agent_error","message":"no more credit","data":{"left":0}}""");
    }

    [Test]
    public async Task A_host_that_comes_back_takes_up_its_runs_their_cancels_and_the_answers_it_missed()
    {
        await using var stage = await HostStage.StartAsync();
        var (one, first) = await stage.SubmitAsync("1");
        await stage.ToldAsync("run.requested");
        var (two, second) = await stage.SubmitAsync("2");
        await stage.ToldAsync("run.requested");
        var requestId = await stage.AskAsync(one, first);
        var (_, queued) = await stage.SubmitAsync("3", one);

        await stage.Host.DisposeAsync();
        await HostStage.UntilAsync(async () => !(await stage.Phone.RowsAsync("agents.list")).Any(row => row.Text("name") == "mine"), "the server sees that it is gone");
        await Assert.That(await stage.Phone.RefusedAsync("\"control\":\"run.submit\",\"agent\":\"mine\",\"text\":\"4\"")).IsEqualTo("agent_unavailable");
        await stage.Phone.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"no\"");
        await stage.Phone.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{second}\"");

        await stage.AttachAsync();
        var told = new List<JsonElement>();
        for (var i = 0; i < 4; i++) told.Add(await stage.Host.NextAsync());
        await Assert.That(told.Select(frame => $"{frame.Text("type")} {(frame.Has("runId") ? frame.Text("runId") : "")} {frame.Has("again")}").Order(StringComparer.Ordinal).Lines())
            .IsEqualTo(((string?[])
            [
                $"permission.answered {first} False", $"run.cancel_requested {second} False", $"run.requested {first} True", $"run.requested {second} True",
            ]).Order(StringComparer.Ordinal).Lines());

        await stage.EndAsync(two, second, "cancelled");
        await stage.EndAsync(one, first);
        var next = await stage.ToldAsync("run.requested");
        await Assert.That($"{next.Text("runId")} {next.Has("again")}").IsEqualTo($"{queued} False");
        await stage.EndAsync(one, queued);
        await Assert.That((await stage.EndedAsync(queued)).Text("status")).IsEqualTo("completed");
    }

    [Test]
    public async Task A_host_that_stays_away_fails_what_it_had_begun_and_what_waited()
    {
        await using var stage = await HostStage.StartAsync("--attach-grace", "0.2");
        var (threadId, runId) = await stage.SubmitAsync("1");
        await stage.ToldAsync("run.requested");
        await stage.AskAsync(threadId, runId);
        var (_, queued) = await stage.SubmitAsync("2", threadId);
        await stage.Host.DisposeAsync();

        var failed = await stage.EndedAsync(runId);
        await Assert.That(failed.Text("status")).IsEqualTo("failed");
        await Assert.That(failed.GetProperty("error").Text("message")).IsEqualTo("the connection that runs agent 'mine' was lost, and did not come back within 0.2 s");
        var never = await stage.EndedAsync(queued);
        await Assert.That($"{never.Text("status")} {never.GetProperty("error").Text("code")}").IsEqualTo("failed agent_unavailable");
        await Assert.That((await stage.Phone.RowsAsync("permissions.list"))[0].Text("status")).IsEqualTo("cancelled");
        // Not for the default agent, which knows nothing of the conversation.
        await Assert.That(await stage.Phone.RefusedAsync($"\"control\":\"run.submit\",\"threadId\":\"{threadId}\",\"text\":\"3\"")).IsEqualTo("agent_unavailable");
    }

    [Test]
    public async Task A_kill_of_the_server_in_the_middle_fails_the_turn_and_the_host_goes_on_with_the_next()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("1");
        await stage.ToldAsync("run.requested");
        await stage.Host.IngestAsync(threadId, Wire.Chunk("half a sen"));
        await stage.Server.KillAsync();
        await stage.Host.DisposeAsync();
        await stage.Phone.DisposeAsync();
        await stage.Server.DisposeAsync();

        await stage.StartServerAsync();
        await Assert.That((await stage.EndedAsync(runId)).Text("status")).IsEqualTo("failed");
        await Assert.That((await stage.Phone.RowsAsync("messages.list", threadId))[^1].Text("text")).IsEqualTo("half a sen");
        await Assert.That(await stage.Host.RefusedAsync($"{Wire.Ingest(threadId, Wire.Chunk("tence"))},\"runId\":\"{runId}\"")).IsEqualTo("conflict");
        var (_, next) = await stage.SubmitAsync("2", threadId);
        await Assert.That((await stage.ToldAsync("run.requested")).Text("runId")).IsEqualTo(next);
        await stage.EndAsync(threadId, next);
        await Assert.That((await stage.EndedAsync(next)).Text("status")).IsEqualTo("completed");
    }

    [Test]
    public async Task A_deleted_thread_is_cancelled_at_the_host_and_not_brought_back_by_it()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("1");
        await stage.ToldAsync("run.requested");
        var requestId = await stage.AskAsync(threadId, runId);
        await stage.Phone.AckedAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{threadId}\"");

        var told = new[] { await stage.Host.NextAsync(), await stage.Host.NextAsync() };
        await Assert.That(told.Select(frame => frame.Text("type")).Order(StringComparer.Ordinal).Lines()).IsEqualTo("permission.answered\nrun.cancel_requested");
        await Assert.That(told.Single(frame => frame.Has("requestId")).Text("requestId")).IsEqualTo(requestId);
        await Assert.That(await stage.Host.RefusedAsync($"{Wire.Ingest(threadId, Wire.Chunk("late"))},\"runId\":\"{runId}\"")).IsEqualTo("not_found");
        await Assert.That((await stage.Phone.RowsAsync("threads.list")).Length).IsEqualTo(0);
    }
}
