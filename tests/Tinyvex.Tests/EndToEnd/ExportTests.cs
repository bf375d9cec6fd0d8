using Tinyvex.Tests.Replaying;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What leaves as a file can come back, and says the same.</summary>
public class ExportTests
{
    private const string Turn = """
        prompt = async text => {
          if (text === 'break') { say('Alas'); setTimeout(() => process.exit(3), 20); return never; }
          say('I ask '); say('first.');
          update({ sessionUpdate: 'plan', entries: [{ content: 'Ask', priority: 'high', status: 'completed' }] });
          update({ sessionUpdate: 'tool_call', toolCallId: 'c1', title: 'Write', kind: 'edit', status: 'pending', rawInput: { path: 'a' } });
          const answer = await permit('c1');
          if (answer.result.outcome.outcome === 'cancelled') return 'cancelled';
          update({ sessionUpdate: 'tool_call_update', toolCallId: 'c1', status: 'completed', content: [{ type: 'diff', path: '/a', oldText: null, newText: text }] });
          say('Done: ' + answer.result.outcome.optionId);
        };
        """;

    [Test]
    [Arguments("json")]
    [Arguments("acp")]
    public async Task Every_recording_comes_back_equal(string format)
    {
        using var folder = new TempFolder();
        await using var first = await ServerProcess.StartAsync(folder["a.db"]);
        await using var second = await ServerProcess.StartAsync(folder["b.db"]);
        var recordings = Path.GetDirectoryName(Transcripts.Path("codex-acp-full.jsonl"))!;
        await DoneAsync("import", recordings, "--db", folder["a.db"]);
        await DoneAsync("export", "--all", "--format", format, "--output", folder["out"], "--db", folder["a.db"]);
        await DoneAsync("import", folder["out"], "--db", folder["b.db"]);

        await using var of = await TestClient.ConnectAsync(first);
        await using var copy = await TestClient.ConnectAsync(second);
        var threads = await of.RowsAsync("threads.list");
        await Assert.That(threads.Length).IsGreaterThan(20);
        foreach (var id in threads.Select(row => row.Text("id"))) await Assert.That(await Conversation.OfAsync(copy, id)).IsEqualTo(await Conversation.OfAsync(of, id));
        // Listed as they were, by their own times.
        await Assert.That((await copy.RowsAsync("threads.list")).Select(row => row.Text("title")).Order().Lines()).IsEqualTo(threads.Select(row => row.Text("title")).Order().Lines());
    }

    [Test]
    [Arguments("json")]
    [Arguments("acp")]
    public async Task A_turn_with_a_permission_and_one_that_failed_come_back_equal(string format)
    {
        await using var stage = await AgentStage.ScriptAsync(Turn);
        var (thread, run) = await stage.SubmitAsync("Go on");
        await stage.Client.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{await stage.PendingAsync()}\",\"optionId\":\"yes\"");
        await stage.EndAsync(run);
        var (_, cancelled) = await stage.SubmitAsync("Again", thread);
        await stage.PendingAsync();
        await stage.Client.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{cancelled}\"");
        await stage.EndAsync(cancelled);
        await Assert.That((await stage.RunAsync("break", thread)).Text("status")).IsEqualTo("failed");
        await stage.Client.IngestAsync(thread, Wire.Chunk("One"));
        await stage.Client.AckedAsync($"\"control\":\"tvx.finalize\",\"threadId\":\"{thread}\"");
        await stage.Client.IngestAsync(thread, Wire.Chunk("Two"));
        await stage.Client.AckedAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"{thread}\",\"updates\":{{\"title\":\"Mine\",\"archived\":true}}");

        await using var second = await ServerProcess.StartAsync(stage.Folder["b.db"]);
        await DoneAsync("export", thread, "--format", format, "--output", stage.Folder["file"], "--db", stage.Database);
        await DoneAsync("import", stage.Folder["file"], "--db", stage.Folder["b.db"]);
        await using var copy = await TestClient.ConnectAsync(second);
        var was = (await Conversation.OfAsync(stage.Client, thread)).Replace("partial=true", "partial=false", StringComparison.Ordinal);
        await Assert.That(await Conversation.OfAsync(copy, thread)).IsEqualTo(was);
        await Assert.That(was).Contains("optionId\":\"yes").And.Contains("text=\"Two\"").And.Contains("title=\"Mine\"");
        var times = (await copy.RowsAsync("messages.list", thread)).Select(row => row.Number("ts"));
        await Assert.That(times).IsEquivalentTo((await stage.Client.RowsAsync("messages.list", thread)).Select(row => row.Number("ts")));
    }

    [Test]
    [Arguments("json")]
    [Arguments("acp")]
    public async Task Questions_with_their_answers_come_back_equal(string format)
    {
        await using var stage = await AgentStage.ScriptAsync("""
            const form = { mode: 'form', message: 'Where to?', requestedSchema: { type: 'object', properties: { branch: { type: 'string' } }, required: ['branch'] } };
            const page = { mode: 'url', message: 'Log in', elicitationId: 'e1', url: 'https://example.org/login' };
            prompt = async () => {
              for (const request of [form, form, page]) say((await ask('elicitation/create', request)).result.action + ' ');
              await ask('elicitation/create', form);
              return 'cancelled';
            };
            """);
        var (thread, run) = await stage.SubmitAsync("Go on");
        foreach (var answer in (string[])["\"accept\",\"content\":{\"branch\":\"main\"}", "\"decline\"", "\"accept\""])
        {
            var asked = (await stage.RowAsync("elicitations.list", thread, row => row.Text("status") == "pending")).Text("requestId");
            await stage.Client.AckedAsync($"\"control\":\"elicitation.respond\",\"requestId\":\"{asked}\",\"action\":{answer}");
        }

        await stage.RowAsync("elicitations.list", thread, row => row.Text("status") == "pending");
        await stage.Client.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{run}\"");
        await stage.EndAsync(run);

        await DoneAsync("export", thread, "--format", format, "--output", stage.Folder["file"], "--db", stage.Database);
        await DoneAsync("import", stage.Folder["file"], "--db", stage.Folder["b.db"]);
        await using var second = await ServerProcess.StartAsync(stage.Folder["b.db"]);
        await using var copy = await TestClient.ConnectAsync(second);
        await Assert.That(await Conversation.OfAsync(copy, thread)).IsEqualTo(await Conversation.OfAsync(stage.Client, thread));
        await Assert.That((await copy.RowsAsync("elicitations.list", thread)).OrderBy(row => row.Number("order")).Select(row => row.GetProperty("outcome").GetRawText()).Lines()).IsEqualTo("""
            {"action":"accept","content":{"branch":"main"}}
            {"action":"decline"}
            {"action":"accept"}
            {"action":"cancel"}
            """);
    }

    [Test]
    public async Task What_was_exported_can_be_played()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async text => { say('You said ' + text); say('!'); };");
        var run = await stage.RunAsync("Hello");
        await DoneAsync("export", run.Text("threadId"), "--format", "acp", "--output", stage.Folder["played.jsonl"], "--db", stage.Database);
        await using var server = await ServerProcess.StartAsync(stage.Folder["b.db"], ["--agent", $"played='{TestBinary.Path}' replay '{stage.Folder["played.jsonl"]}' --speed max"]);
        await using var client = await TestClient.ConnectAsync(server);
        var again = await client.RequestAsync("\"control\":\"run.submit\",\"agent\":\"played\",\"text\":\"Hello\"");
        await client.SubscribeAsync("runs");
        while ((await client.RowsAsync("runs.list"))[0].Text("status") is not "completed" and var status) await Assert.That(status).IsNotEqualTo("failed");
        await Assert.That((await client.RowsAsync("messages.list", again.Text("threadId"))).Select(row => row.Text("text")).Lines()).IsEqualTo("Hello\nYou said Hello!");
    }

    [Test]
    [Arguments("json")]
    [Arguments("acp")]
    [Arguments("markdown")]
    public async Task Nothing_is_cut(string format)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var large = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i} ä\\"));
        await client.IngestAsync("large", Wire.Chunk(large), $$$"""{"sessionUpdate":"tool_call","toolCallId":"c","title":"t","content":[{"type":"content","content":{"type":"text","text":{{{Wire.Quote(large)}}}}}]}""");
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["export", "large", "--format", format, "--db", folder["t.db"]]);
        await Assert.That(exitCode).IsEqualTo(0).Because(errors);
        if (format == "markdown")
        {
            await Assert.That(output.Contains(large, StringComparison.Ordinal)).IsTrue();
            await Assert.That(output).IsEqualTo((await ServerProcess.RunAsync(["show", "large", "--markdown", "--db", folder["t.db"]])).Output);
            return;
        }

        await File.WriteAllTextAsync(folder["out"], output);
        await DoneAsync("import", folder["out"], "--db", folder["b.db"]);
        await using var second = await ServerProcess.StartAsync(folder["b.db"]);
        await using var copy = await TestClient.ConnectAsync(second);
        await Assert.That((await copy.RowsAsync("timeline.list", "large", ",\"whole\":true"))[0].GetProperty("row").Text("text") == large).IsTrue();
        await Assert.That((await copy.RowsAsync("tool_calls.get", "large", ",\"toolCallId\":\"c\""))[0].GetProperty("content").GetRawText().Length).IsGreaterThan(large.Length);
    }

    [Test]
    public async Task A_file_that_is_there_is_kept_unless_it_may_be_replaced()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("one", Wire.Chunk("One"));
        await File.WriteAllTextAsync(folder["mine"], "mine");
        var refused = await ServerProcess.RunAsync(["export", "one", "--output", folder["mine"], "--db", folder["t.db"]]);
        await Assert.That(refused.ExitCode).IsEqualTo(2);
        await Assert.That(await File.ReadAllTextAsync(folder["mine"])).IsEqualTo("mine");
        await DoneAsync("export", "one", "--output", folder["mine"], "--force", "--db", folder["t.db"]);
        await Assert.That(await File.ReadAllTextAsync(folder["mine"])).Contains("One");
        await Assert.That((await ServerProcess.RunAsync(["export", "--db", folder["t.db"]])).ExitCode).IsEqualTo(2);
        await Assert.That((await ServerProcess.RunAsync(["export", "--all", "--db", folder["t.db"]])).ExitCode).IsEqualTo(2);
        await Assert.That(Directory.GetFiles(folder.Path, "*.part")).IsEmpty();
    }

    private static async Task DoneAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await ServerProcess.RunAsync(arguments);
        await Assert.That(exitCode).IsEqualTo(0).Because(output + errors);
    }
}
