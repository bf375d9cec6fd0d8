using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Whatever becomes of the server, the editor's session goes on, and what was said meanwhile is stored once there is one again.</summary>
public class EditorStoreTests
{
    /// <summary>Counts on for as long as the test wants, a chunk at a time.</summary>
    private const string Counting = """
        let on_ = true, n = 0;
        on['_stop'] = m => { on_ = false; reply(m.id, { n }); };
        prompt = async () => { while (on_) { say(`${++n} `); await sleep(2); } };
        """;

    [Test]
    public async Task A_server_that_is_killed_in_a_turn_and_comes_back_has_all_of_it_once()
    {
        await using var stage = await EditorStage.OpenAsync(Counting);
        await stage.SendPromptAsync("go");
        await stage.RunAsync("running");
        await StoredAsync(stage, 20);
        await stage.Server.KillAsync();
        var before = Heard(stage);
        await Deadline.UntilAsync(() => Heard(stage) > before + 20, "the editor's session goes on");
        await stage.ConnectToEditorAsync();
        await stage.RunAsync("running");
        var count = await EndTurnAsync(stage);
        await stage.RunAsync("completed");
        var text = string.Concat((await stage.Client.RowsAsync("messages.list", stage.ThreadId)).Where(row => row.GetProperty("role").GetString() == "assistant").Select(row => row.Text("text")));
        var runs = await stage.Client.RowsAsync("runs.list", stage.ThreadId);

        await Assert.That(text).IsEqualTo(string.Concat(Enumerable.Range(1, count).Select(n => $"{n} ")));
        await Assert.That(runs.Select(run => run.Text("status")).Lines()).IsEqualTo("completed\nfailed");
    }

    [Test]
    public async Task A_server_that_is_stopped_does_not_end_the_editors_turn()
    {
        await using var stage = await EditorStage.OpenAsync(Counting);
        await stage.SendPromptAsync("go");
        await StoredAsync(stage, 5);
        await stage.Server.StopAsync();
        var before = Heard(stage);
        await Deadline.UntilAsync(() => Heard(stage) > before + 20, "the editor's session goes on");
        await stage.StartServerAsync();
        var count = await EndTurnAsync(stage);
        await stage.RunAsync("completed");
        var text = string.Concat((await stage.Client.RowsAsync("messages.list", stage.ThreadId)).Where(row => row.GetProperty("role").GetString() == "assistant").Select(row => row.Text("text")));

        await Assert.That(await stage.StopReasonAsync()).IsEqualTo("end_turn");
        await Assert.That(text).IsEqualTo(string.Concat(Enumerable.Range(1, count).Select(n => $"{n} ")));
    }

    [Test]
    public async Task A_request_that_waits_while_the_server_is_killed_is_asked_anew_and_can_be_answered()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async () => { const answer = await permit(); say('answered ' + answer.result.outcome.optionId); };");
        await stage.SendPromptAsync("go");
        await stage.PermissionAsync("pending");
        await stage.Server.KillAsync();
        await stage.ConnectToEditorAsync();
        var pending = await stage.PermissionAsync("pending");
        await stage.Client.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{pending.Text("requestId")}\",\"optionId\":\"no\"");

        await stage.MessageAsync("answered no");
        await stage.Editor.MessageAsync("$/cancel_request");
    }

    [Test]
    public async Task A_request_that_waits_while_the_server_is_stopped_is_not_cancelled()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async () => { const answer = await permit(); say('answered ' + answer.result.outcome.optionId); };");
        await stage.SendPromptAsync("go");
        var request = await stage.Editor.MessageAsync("session/request_permission");
        await stage.PermissionAsync("pending");
        await stage.Server.StopAsync();
        await stage.StartServerAsync();
        await stage.PermissionAsync("pending");
        await stage.Editor.AnswerAsync(request, """{"outcome":{"outcome":"selected","optionId":"yes"}}""");

        await stage.MessageAsync("answered yes");
        await Assert.That(stage.Editor.Lines.Any(line => line.Contains("$/cancel_request", StringComparison.Ordinal))).IsFalse();
    }

    [Test]
    public async Task Without_a_server_there_is_one_for_as_long_as_the_editors_session()
    {
        using var folder = new TempFolder();
        await using var editor = EditorProcess.Start(folder["t.db"], AgentScript.Write(folder, ""));
        var sessionId = await editor.OpenAsync(folder.Path);
        await editor.PromptAsync(sessionId, "hello");
        var running = await EditorStage.RunningAsync(folder);
        await using (var client = await TestClient.ConnectAsync(new Uri(running.Text("ws")), configure: options => options.SetRequestHeader("Authorization", "Bearer " + running.Text("token"))))
        {
            var thread = await ThreadAsync(client);
            await Deadline.UntilAsync(() => client.RowsAsync("messages.list", thread).GetAwaiter().GetResult().Any(row => row.Text("text") == "You said hello"), "it is stored");
        }

        await editor.EndAsync();
        var status = await ServerProcess.RunAsync(["status", "--db", folder["t.db"]]);
        await Assert.That(running.GetProperty("pid").GetInt32()).IsEqualTo(editor.Process.Id);
        await Assert.That(status.ExitCode).IsEqualTo(1);
    }

    [Test]
    public async Task Where_the_editor_with_the_server_is_killed_another_takes_its_place()
    {
        using var folder = new TempFolder();
        var command = AgentScript.Write(folder, "on['session/new'] = m => reply(m.id, { sessionId: `s${process.pid}` });");
        await using var first = EditorProcess.Start(folder["t.db"], command);
        await first.OpenAsync(folder.Path);
        await EditorStage.RunningAsync(folder);
        await using var second = EditorProcess.Start(folder["t.db"], command);
        var sessionId = await second.OpenAsync(folder.Path);
        first.Process.Kill();
        await first.Process.WaitForExitAsync(Deadline.Token());
        await second.PromptAsync(sessionId, "hello");
        var running = await EditorStage.RunningAsync(folder, pid => pid == second.Process.Id);
        await using (var watching = await TestClient.ConnectAsync(new Uri(running.Text("ws")), configure: options => options.SetRequestHeader("Authorization", "Bearer " + running.Text("token"))))
        {
            await Deadline.UntilAsync(() => watching.RowsAsync("runs.list").GetAwaiter().GetResult().Any(run => run.Text("status") == "completed"), "it is stored");
        }

        await second.EndAsync();

        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var runs = await client.RowsAsync("runs.list");
        await Assert.That(runs.Select(run => run.Text("status")).Lines()).IsEqualTo("completed");
    }

    [Test]
    public async Task What_is_too_much_while_the_server_is_away_is_left_out_and_the_thread_says_so()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("Windows has no signals");
        await using var stage = await EditorStage.OpenAsync(
            "prompt = async text => { for (let i = 0; i < 50 && text === 'much'; i++) { say('x'.repeat(1000000)); await new Promise(done => process.stdout.write('', done)); } say('the end'); };");
        await Signals.SendAsync("STOP", stage.Server.Id);
        try
        {
            await stage.SendPromptAsync("much");
            await Assert.That(await stage.StopReasonAsync()).IsEqualTo("end_turn");
        }
        finally
        {
            await Signals.SendAsync("CONT", stage.Server.Id);
        }

        var failed = await stage.RunAsync("failed");
        await stage.SendPromptAsync("little", "p2");
        await stage.StopReasonAsync("p2");
        var next = await stage.RunAsync("completed");

        await Assert.That(failed.GetProperty("error").Text("message")).Contains("messages since").And.Contains("are not stored");
        await Assert.That(stage.Editor.Errors).Contains("what it says now is not stored");
        await Assert.That(next.Number("order")).IsGreaterThan(failed.Number("order"));
    }

    [Test]
    public async Task A_line_that_is_too_long_is_missing_and_the_run_says_so()
    {
        await using var stage = await EditorStage.OpenAsync("prompt = async () => { say('x'.repeat(17 << 20)); await new Promise(done => process.stdout.write('', done)); say('the end'); };");
        await stage.SendPromptAsync("go");
        await stage.MessageAsync("the end");
        var run = await stage.RunAsync("failed");

        await Assert.That(await stage.StopReasonAsync()).IsEqualTo("end_turn");
        await Assert.That(run.GetProperty("error").Text("message")).StartsWith("1 messages of this turn are not stored");
    }

    [Test]
    public async Task An_update_that_the_server_refuses_leaves_out_nothing_else()
    {
        await using var stage = await EditorStage.OpenAsync(
            "prompt = async () => { for (let i = 0; i < 50; i++) { say(`${i} `); if (i === 25) update({ sessionUpdate: 'tool_call', title: 'without an id' }); } };");
        await stage.SendPromptAsync("go");
        var run = await stage.RunAsync("failed");
        await stage.MessageAsync(string.Concat(Enumerable.Range(0, 50).Select(n => $"{n} ")));

        await Assert.That(run.GetProperty("error").Text("message")).StartsWith("1 messages");
        await Assert.That(stage.Editor.Errors).Contains("the server refuses something");
    }

    private static Task<System.Text.Json.JsonElement> StoredAsync(EditorStage stage, int count) =>
        stage.RowAsync("messages.list", stage.ThreadId, row => row.GetProperty("role").GetString() == "assistant" && row.Number("seq") >= count);

    private static int Heard(EditorStage stage) => stage.Editor.Lines.Count(line => line.Contains("agent_message_chunk", StringComparison.Ordinal));

    private static async Task<int> EndTurnAsync(EditorStage stage) => (await stage.Editor.RequestAsync("_stop", "{}")).GetProperty("result").GetProperty("n").GetInt32();

    private static async Task<string> ThreadAsync(TestClient client)
    {
        await Deadline.UntilAsync(() => client.RowsAsync("threads.list").GetAwaiter().GetResult().Length == 1, "there is a thread");
        return (await client.RowsAsync("threads.list"))[0].Text("id");
    }
}
