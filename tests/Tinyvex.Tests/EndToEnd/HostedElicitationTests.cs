using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Forms and pages of agents that clients run.</summary>
public class HostedElicitationTests
{
    private const string Form = """{"mode":"form","message":"Where to?","requestedSchema":{"type":"object","properties":{"branch":{"type":"string"}},"required":["branch"]}}""";
    private const string Page = """{"mode":"url","message":"Log in","elicitationId":"e1","url":"https://example.org/login"}""";

    [Test]
    public async Task A_form_that_another_client_fills_in_reaches_the_host_behind_the_ack()
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Phone.SubscribeAsync("elicitations");
        var (threadId, runId) = await stage.SubmitAsync("Push it");
        await stage.ToldAsync("run.requested");
        var requestId = (await stage.Host.AckedAsync(Ask(threadId, Form))).Text("requestId");
        var row = (await stage.Phone.NextAsync(frame => frame.Text("stream") == "elicitations")).GetProperty("row");
        await Assert.That($"{row.Text("requestId")} {row.Text("runId")} {row.Text("status")}").IsEqualTo($"{requestId} {runId} pending");
        await Assert.That(await stage.Phone.RefusedAsync(Respond(requestId, "\"action\":\"accept\""))).IsEqualTo("bad_request");

        await stage.Phone.AckedAsync(Respond(requestId, "\"action\":\"accept\",\"content\":{\"branch\":\"main\"}"));
        var answer = await stage.ToldAsync("elicitation.answered");
        await Assert.That($"{answer.Text("requestId")} {answer.Text("threadId")} {answer.Text("runId")}").IsEqualTo($"{requestId} {threadId} {runId}");
        await Assert.That(answer.GetProperty("outcome").GetRawText()).IsEqualTo("""{"action":"accept","content":{"branch":"main"}}""");
        await Assert.That(await stage.Phone.RefusedAsync(Respond(requestId, "\"action\":\"decline\""))).IsEqualTo("conflict");
    }

    [Test]
    public async Task A_cancel_of_the_turn_and_its_end_cancel_what_waits()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("Go on");
        await stage.ToldAsync("run.requested");
        await stage.Host.AckedAsync(Ask(threadId, Form));
        await stage.Phone.AckedAsync($"\"control\":\"run.cancel\",\"threadId\":\"{threadId}\"");
        await stage.ToldAsync("run.cancel_requested");
        await Assert.That((await stage.ToldAsync("elicitation.answered")).GetProperty("outcome").GetRawText()).IsEqualTo("""{"action":"cancel"}""");

        await stage.Host.AckedAsync(Ask(threadId, Form));
        await stage.EndAsync(threadId, runId);
        await Assert.That((await stage.ToldAsync("elicitation.answered")).GetProperty("outcome").Text("action")).IsEqualTo("cancel");
        await Assert.That((await stage.Phone.RowsAsync("elicitations.list")).Select(row => row.Text("status")).Lines()).IsEqualTo("cancelled\ncancelled");
        // One that has ended asks nothing.
        await Assert.That(await stage.Host.RefusedAsync(Ask(threadId, Form, $",\"runId\":\"{runId}\""))).IsEqualTo("conflict");
    }

    [Test]
    public async Task A_page_is_accepted_by_its_completion_and_completed_after_its_answer()
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Host.IngestAsync("t1", Wire.Chunk("Log in, please."));
        await stage.Host.AckedAsync(Ask("t1", Page));
        await stage.Host.AckedAsync(Complete("t1", "another"));
        await stage.Host.AckedAsync(Complete("t1", "e1"));
        var answer = await stage.ToldAsync("elicitation.answered");
        await Assert.That($"{answer.GetProperty("outcome").Text("action")} {answer.Has("runId")}").IsEqualTo("accept False");
        var row = (await stage.Phone.RowsAsync("elicitations.list"))[0];
        await Assert.That($"{row.Text("status")} {row.Text("answeredBy")}").IsEqualTo("completed agent");

        var requestId = (await stage.Host.AckedAsync(Ask("t1", Page))).Text("requestId");
        await stage.Phone.AckedAsync(Respond(requestId, "\"action\":\"accept\""));
        await stage.ToldAsync("elicitation.answered");
        await stage.Host.AckedAsync(Complete("t1", "e1"));
        await Assert.That((await stage.Phone.RowsAsync("elicitations.list")).Select(one => one.Text("status")).Lines()).IsEqualTo("completed\ncompleted");
    }

    [Test]
    public async Task One_that_nobody_waits_for_any_more_is_cancelled()
    {
        await using var stage = await HostStage.StartAsync("--attach-grace", "0.2");
        await stage.Host.IngestAsync("t1", Wire.Chunk("May I?"));
        var passer = await TestClient.ConnectAsync(stage.Server);
        await passer.AckedAsync(Ask("t1", Form));
        await passer.DisposeAsync();
        await HostStage.UntilAsync(async () => (await stage.Phone.RowsAsync("elicitations.list")).All(row => row.Text("status") == "cancelled"), "it is cancelled");
    }

    [Test]
    public async Task A_deleted_thread_answers_its_host()
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Host.IngestAsync("t1", Wire.Chunk("May I?"));
        await stage.Host.AckedAsync(Ask("t1", Form));
        await stage.Phone.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"t1\"");
        await Assert.That((await stage.ToldAsync("elicitation.answered")).GetProperty("outcome").GetRawText()).IsEqualTo("""{"action":"cancel"}""");
    }

    [Test]
    [Arguments("""{"mode":"form","message":"Where to?"}""", "bad_request")]
    [Arguments("""{"mode":"letter","message":"Where to?"}""", "bad_request")]
    [Arguments("""{"mode":"url","message":"Log in","url":"https://example.org"}""", "bad_request")]
    [Arguments("7", "bad_request")]
    public async Task One_that_nobody_could_answer_is_refused(string request, string code)
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Host.IngestAsync("t1", Wire.Chunk("May I?"));
        await Assert.That(await stage.Host.RefusedAsync(Ask("t1", request))).IsEqualTo(code);
        await Assert.That(await stage.Host.RefusedAsync(Ask("t9", Form))).IsEqualTo("not_found");
        await Assert.That(await stage.Phone.RowsAsync("elicitations.list")).IsEmpty();
    }

    [Test]
    public async Task There_are_bounds_to_their_size_and_number()
    {
        await using var stage = await HostStage.StartAsync();
        await stage.Host.IngestAsync("t1", Wire.Chunk("May I?"));
        var long_ = Form.Replace("Where to?", new string('x', 256 * 1024), StringComparison.Ordinal);
        await Assert.That(await stage.Host.RefusedAsync(Ask("t1", long_))).IsEqualTo("too_large");
        for (var i = 0; i < 100; i++) await stage.Host.AckedAsync(Ask("t1", Form));
        await Assert.That(await stage.Host.RefusedAsync(Ask("t1", Form))).IsEqualTo("overloaded");
    }

    [Test]
    public async Task What_an_agent_of_the_server_asks_is_not_for_clients_to_complete()
    {
        await using var stage = await AgentStage.ScriptAsync($"prompt = async () => {{ await ask('elicitation/create', {Page}); }};");
        var (threadId, _) = await stage.SubmitAsync("go");
        await Deadline.UntilAsync(() => stage.RowsAsync("elicitations.list", threadId).Result.Length == 1, "it is asked");
        await Assert.That(await stage.Client.RefusedAsync(Complete(threadId, "e1"))).IsEqualTo("conflict");
        await Assert.That(await stage.Client.RefusedAsync(Ask(threadId, Form))).IsEqualTo("conflict");
        await Assert.That((await stage.RowsAsync("elicitations.list", threadId))[0].Text("status")).IsEqualTo("pending");
    }

    [Test]
    public async Task Modes_of_an_agent_that_a_client_runs_are_not_the_servers_to_set()
    {
        await using var stage = await HostStage.StartAsync();
        var (threadId, _) = await stage.SubmitAsync("Hello");
        await stage.ToldAsync("run.requested");
        await Assert.That(await stage.Phone.RefusedAsync($"\"control\":\"session.set_mode\",\"threadId\":\"{threadId}\",\"modeId\":\"code\"")).IsEqualTo("unsupported");
    }

    private static string Ask(string threadId, string request, string more = "") =>
        $"\"control\":\"tvx.request_elicitation\",\"threadId\":\"{threadId}\",\"request\":{request}{more}";

    private static string Complete(string threadId, string elicitationId) =>
        $"\"control\":\"tvx.complete_elicitation\",\"threadId\":\"{threadId}\",\"elicitationId\":\"{elicitationId}\"";

    private static string Respond(string requestId, string how) => $"\"control\":\"elicitation.respond\",\"requestId\":\"{requestId}\",{how}";
}
