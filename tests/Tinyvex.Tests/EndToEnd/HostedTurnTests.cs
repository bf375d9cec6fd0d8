using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Names that connections attach, and turns that they begin themselves.</summary>
public class HostedTurnTests
{
    private static string Begin(string threadId, string more = "") => $"\"control\":\"tvx.begin_run\",\"threadId\":\"{threadId}\"{more}";

    private static string End(string threadId, string more = "") => $"\"control\":\"tvx.end_run\",\"threadId\":\"{threadId}\",\"stopReason\":\"end_turn\"{more}";

    [Test]
    public async Task A_name_belongs_to_one_connection_until_it_is_gone()
    {
        await using var stage = await HostStage.StartAsync();
        const string attach = "\"control\":\"agent.attach\",\"name\":\"mine\"";
        await Assert.That(await stage.Phone.RefusedAsync(attach)).IsEqualTo("conflict");
        await Assert.That(await stage.Phone.RefusedAsync("\"control\":\"agent.attach\",\"name\":\"replay\"")).IsEqualTo("conflict");
        await Assert.That(await stage.Phone.RefusedAsync("\"control\":\"agent.attach\"")).IsEqualTo("bad_request");
        // Once more by the one that has it, which changes its title.
        await stage.Host.AckedAsync(attach);

        var row = (await stage.Phone.RowsAsync("agents.list")).Single(row => row.Text("name") == "mine");
        await Assert.That($"{row.Text("title")} {row.GetProperty("available")} {row.Text("source")} {row.GetProperty("default")}").IsEqualTo("mine True attached True");
        await stage.Host.DisposeAsync();
        await HostStage.UntilAsync(async () => (await stage.Phone.RequestAsync(attach)).Text("type") == "tinyvex.ack", "the name is free");
    }

    [Test]
    public async Task Where_nothing_else_is_configured_a_prompt_without_an_agent_is_for_the_attached_one()
    {
        await using var stage = await HostStage.StartAsync();
        var reply = await stage.Phone.RequestAsync("\"control\":\"run.submit\",\"text\":\"Hello\"");
        await Assert.That((await stage.ToldAsync("run.requested")).Text("runId")).IsEqualTo(reply.Text("runId"));
    }

    [Test]
    public async Task A_connection_in_broadcast_mode_may_run_an_agent()
    {
        await using var stage = await HostStage.StartAsync();
        await using var host = await TestClient.ConnectAsync(stage.Server, "tinyvex.broadcast.v1");
        await host.AckedAsync("\"control\":\"agent.attach\",\"name\":\"loud\"");
        var (threadId, runId) = await stage.SubmitAsync("Hello", agent: "loud");
        await host.NextAsync(frame => frame.Text("type") == "run.requested");
        await host.AckedAsync(End(threadId));
        await Assert.That((await stage.EndedAsync(runId)).Text("status")).IsEqualTo("completed");
    }

    [Test]
    public async Task A_host_begins_a_turn_by_itself_in_a_thread_that_it_makes()
    {
        await using var stage = await HostStage.StartAsync();
        var begun = await stage.Host.AckedAsync(Begin("t1", ",\"prompt\":[{\"type\":\"text\",\"text\":\"Asked in the app\"}]"));
        var runId = begun.Text("runId");
        await Assert.That(begun.Text("threadId")).IsEqualTo("t1");
        await stage.Host.IngestAsync("t1", Wire.Chunk("Done in the app"));
        var (_, queued) = await stage.SubmitAsync("From the phone", "t1");
        await Assert.That((await stage.StateAsync(runId, "running")).Text("agent")).IsEqualTo("mine");

        await stage.Host.AckedAsync(End("t1"));
        await Assert.That((await stage.ToldAsync("run.requested")).Text("runId")).IsEqualTo(queued);
        await stage.Host.AckedAsync(End("t1"));
        await Assert.That((await stage.EndedAsync(queued)).Text("status")).IsEqualTo("completed");
        await Assert.That((await stage.Phone.RowsAsync("messages.list", "t1")).Select(row => row.Text("text")).Lines())
            .IsEqualTo("Asked in the app\nDone in the app\nFrom the phone");
    }

    [Test]
    public async Task A_second_turn_is_a_conflict_and_the_same_one_is_not()
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Host.AckedAsync(Begin("t1", ",\"runId\":\"r1\",\"key\":\"k1\""));
        await stage.Host.AckedAsync(Begin("t1", ",\"runId\":\"r1\",\"key\":\"k1\""));
        await Assert.That((await stage.Host.AckedAsync(Begin("t1", ",\"runId\":\"r1\""))).Text("runId")).IsEqualTo("r1");
        var refused = await stage.Host.RequestAsync(Begin("t1", ",\"runId\":\"r2\""));
        await Assert.That(refused.Text("code")).IsEqualTo("conflict");
        await Assert.That(refused.GetProperty("data").GetRawText()).IsEqualTo("""{"runId":"r1","status":"running"}""");
        await Assert.That(await stage.Host.RefusedAsync(Begin("t2", ",\"runId\":\"r1\""))).IsEqualTo("not_found");

        await stage.Host.AckedAsync(End("t1"));
        await Assert.That(await stage.Host.RefusedAsync(Begin("t1", ",\"runId\":\"r1\""))).IsEqualTo("conflict");
        await Assert.That(await stage.Host.RefusedAsync(End("t1"))).IsEqualTo("conflict");
        await Assert.That((await stage.Phone.RowsAsync("runs.list")).Length).IsEqualTo(1);
    }

    [Test]
    public async Task Requests_of_a_whole_turn_may_be_sent_without_waiting_for_an_answer()
    {
        await using var stage = await HostStage.StartAsync();
        var sent = new List<Task<JsonElement>>();
        for (var i = 0; i < 200; i++)
        {
            sent.Add(stage.Host.RequestAsync(Begin("t1", $",\"runId\":\"r{i}\",\"text\":\"{i}\"")));
            sent.Add(stage.Host.RequestAsync($"{Wire.Ingest("t1", Wire.Chunk($"said {i}"))},\"runId\":\"r{i}\""));
            sent.Add(stage.Host.RequestAsync(End("t1", $",\"runId\":\"r{i}\"")));
        }

        await Assert.That((await Task.WhenAll(sent)).Where(reply => reply.Text("type") != "tinyvex.ack").Select(reply => reply.GetRawText()).Lines()).IsEqualTo("");
        await Assert.That((await stage.Phone.RowsAsync("runs.list")).All(row => row.Text("status") == "completed")).IsTrue();
        // The server keeps none of them as one that is under way.
        var (_, runId) = await stage.SubmitAsync("And now", "t1");
        await Assert.That((await stage.ToldAsync("run.requested")).Text("runId")).IsEqualTo(runId);
    }

    [Test]
    public async Task What_the_server_runs_is_not_the_clients_to_end()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { say('Hm'); await never; };");
        var (threadId, runId) = await stage.SubmitAsync("Go");
        await stage.MessageAsync(threadId, "Hm");
        await Assert.That(await stage.Client.RefusedAsync(End(threadId))).IsEqualTo("conflict");
        await Assert.That(await stage.Client.RefusedAsync(Begin(threadId))).IsEqualTo("conflict");
        await Assert.That(await stage.Client.RefusedAsync(Begin(threadId, $",\"runId\":\"{runId}\""))).IsEqualTo("conflict");
        await Assert.That(await stage.Client.RefusedAsync(Begin("other", ",\"agent\":\"agent\""))).IsEqualTo("conflict");
        await Assert.That(await stage.Client.RefusedAsync(Ask(threadId))).IsEqualTo("conflict");
    }

    [Test]
    [Arguments("", "bad_request")]
    [Arguments(",\"threadId\":\"t1\"", "bad_request")]
    [Arguments(",\"threadId\":\"t1\",\"stopReason\":\"end_turn\",\"error\":\"x\"", "bad_request")]
    [Arguments(",\"threadId\":\"t1\",\"error\":{}", "bad_request")]
    [Arguments(",\"threadId\":\"t1\",\"error\":{\"message\":\"x\",\"code\":\"tired\"}", "bad_request")]
    [Arguments(",\"threadId\":\"nowhere\",\"error\":\"x\"", "not_found")]
    [Arguments(",\"threadId\":\"t1\",\"runId\":\"none\",\"error\":\"x\"", "not_found")]
    public async Task A_wrong_end_is_refused_and_changes_nothing(string fields, string code)
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Host.AckedAsync(Begin("t1"));
        await Assert.That(await stage.Host.RefusedAsync("\"control\":\"tvx.end_run\"" + fields)).IsEqualTo(code);
        await Assert.That((await stage.Phone.RowsAsync("runs.list"))[0].Text("status")).IsEqualTo("running");
    }

    [Test]
    public async Task A_permission_outside_of_a_run_is_answered_too_and_cancelled_when_nobody_waits_for_it_any_more()
    {
        await using var stage = await HostStage.StartAsync("--attach-grace", "0.2");
        await stage.Host.IngestAsync("t1", Wire.Chunk("May I?"));
        var requestId = (await stage.Host.AckedAsync(Ask("t1"))).Text("requestId");
        await stage.Phone.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"yes\"");
        await Assert.That((await stage.ToldAsync("permission.answered")).Has("runId")).IsFalse();

        // Of a connection without a name it is the same.
        var passer = await TestClient.ConnectAsync(stage.Server);
        await passer.AckedAsync(Ask("t1"));
        await passer.DisposeAsync();
        await HostStage.UntilAsync(async () => (await stage.Phone.RowsAsync("permissions.list")).All(row => row.Text("status") != "pending"), "it is cancelled");
        await Assert.That(await stage.Host.RefusedAsync("\"control\":\"tvx.request_permission\",\"threadId\":\"t1\",\"toolCall\":{\"toolCallId\":\"c\"},\"options\":[]"))
            .IsEqualTo("bad_request");
    }

    [Test]
    public async Task A_turn_of_a_connection_without_a_name_can_be_taken_up_by_another_and_fails_without()
    {
        await using var stage = await HostStage.StartAsync("--attach-grace", "0.5");
        var passer = await TestClient.ConnectAsync(stage.Server);
        await passer.AckedAsync(Begin("t1", ",\"runId\":\"taken\""));
        await passer.AckedAsync(Begin("t2", ",\"runId\":\"left\""));
        await using var next = await TestClient.ConnectAsync(stage.Server);
        await next.AckedAsync(Begin("t1", ",\"runId\":\"taken\""));
        await passer.DisposeAsync();
        var left = await stage.EndedAsync("left");
        await Assert.That($"{left.Text("status")} {left.GetProperty("error").Text("code")}").IsEqualTo("failed agent_error");
        await next.AckedAsync(End("t1"));
        await Assert.That((await stage.EndedAsync("taken")).Text("status")).IsEqualTo("completed");
    }

    [Test]
    public async Task A_stop_of_the_server_cancels_what_hosts_work_on_and_does_not_wait_for_them()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("Go on");
        await stage.ToldAsync("run.requested");
        await stage.Host.AckedAsync(Begin("t2", ",\"runId\":\"own\""));
        await stage.Phone.AckedAsync("\"control\":\"server.stop\"");
        var told = new[] { await stage.ToldAsync("run.cancel_requested"), await stage.ToldAsync("run.cancel_requested") };
        await Assert.That(told.Select(frame => frame.Text("runId")).Order(StringComparer.Ordinal).Lines()).IsEqualTo(((string?[])[runId, "own"]).Order(StringComparer.Ordinal).Lines());
        await stage.Server.Process.WaitForExitAsync(Deadline.Token());
        await Assert.That(stage.Server.Process.ExitCode).IsEqualTo(0);

        await stage.StartServerAsync();
        await Assert.That((await stage.Phone.RowsAsync("runs.list")).Select(row => row.Text("status")).Lines()).IsEqualTo("cancelled\ncancelled");
        await Assert.That((await stage.Phone.RowsAsync("runs.list", threadId)).Length).IsEqualTo(1);
    }

    private static string Ask(string threadId) => $$"""
        "control":"tvx.request_permission","threadId":"{{threadId}}","toolCall":{"toolCallId":"c1"},"options":[{"optionId":"yes","name":"Yes","kind":"allow_once"}]
        """;
}
