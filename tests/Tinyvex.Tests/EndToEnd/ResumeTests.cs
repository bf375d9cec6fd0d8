using System.Text;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Going on after a cursor: what was missed, then what is new, and a new snapshot where that cannot be.</summary>
public class ResumeTests
{
    private const string Plan = "{\"sessionUpdate\":\"plan\",\"entries\":[{\"content\":\"x\",\"priority\":\"high\",\"status\":\"pending\"}]}";

    /// <summary>Resumes, checks that it is granted, and answers what follows up to the chunk that says <c>mark</c>.</summary>
    private static async Task<List<JsonElement>> ResumeAsync(TestClient client, TestClient producer, string stream, string? threadId, string since)
    {
        var reply = await RequestAsync(client, stream, threadId, since);
        await Assert.That(reply.Text("type")).IsEqualTo("tinyvex.resumed").Because(Wire.Shorten(reply.GetRawText()));
        await Assert.That(reply.Text("stream")).IsEqualTo(stream);
        await client.SubscribeAsync("messages", "mark");
        await producer.IngestAsync("mark", Wire.Chunk("mark"));
        var frames = new List<JsonElement>();
        while (await client.NextAsync() is var frame && !(frame.TryGetProperty("append", out var text) && text.GetString() == "mark"))
        {
            if (!IsOfMark(frame)) frames.Add(frame);
        }

        return frames;
    }

    private static bool IsOfMark(JsonElement frame) => frame.TryGetProperty("row", out var row) && row.TryGetProperty("id", out var id)
        && id.ValueKind == JsonValueKind.String && id.GetString() == "mark";

    private static Task<JsonElement> RequestAsync(TestClient client, string stream, string? threadId, string since) => client.RequestAsync(
        $"\"control\":\"tvx.subscribe\",\"stream\":\"{stream}\"{(threadId is null ? "" : $",\"threadId\":\"{threadId}\"")},\"since\":\"{since}\"");

    private static string TextOf(IEnumerable<JsonElement> frames) =>
        string.Concat(frames.Where(frame => frame.TryGetProperty("append", out _)).Select(frame => frame.Text("append")));

    [Test]
    public async Task What_was_missed_comes_merged_and_cut_to_follow_the_cursor()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await producer.IngestAsync("t1", Wire.Chunk("a"), Wire.Chunk("b"));
        await using var first = await TestClient.ConnectAsync(server);
        var cursor = (await first.SubscribeAsync("messages", "t1")).Text("cursor");
        await first.DisposeAsync();

        await producer.IngestAsync("t1", Wire.Chunk("c"), Wire.Chunk("ä"), Plan, Wire.Chunk("e"));
        await producer.IngestAsync("t1", Wire.Chunk("thought", "agent_thought_chunk"));
        await using var client = await TestClient.ConnectAsync(server);
        var frames = await ResumeAsync(client, producer, "messages", "t1", cursor);

        await Assert.That(frames.Select(frame => frame.Text("type") == "tinyvex.finalize"
            ? $"end {frame.Number("seq")}" : $"{frame.Number("fromSeq")}-{frame.Number("seq")} {frame.Text("append")} {frame.Number("textLen")}").Lines())
            .IsEqualTo("3-5 cäe 6\nend 5\n1-1 thought 7");
        await Assert.That(frames.Select(frame => frame.Has("cursor")).SkipLast(1)).DoesNotContain(true);
        await Assert.That(frames[^1].Has("cursor")).IsTrue();
    }

    [Test]
    public async Task Every_cursor_ever_given_cuts_exactly_there_after_a_restart_too()
    {
        using var folder = new TempFolder();
        var cursors = new List<(string Cursor, string Text)>();
        var whole = "";
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var producer = await TestClient.ConnectAsync(server);
            await using var client = await TestClient.ConnectAsync(server);
            cursors.Add(((await client.SubscribeAsync("thread", "t1")).Text("cursor"), ""));
            for (var i = 0; i < 30; i++)
            {
                await producer.IngestAsync("t1", Wire.Chunk($"«{i}»", i / 7 % 2 == 0 ? "agent_message_chunk" : "agent_thought_chunk"), Plan);
                whole += $"«{i}»";
                var frame = await client.NextAsync(one => one.TryGetProperty("append", out _));
                cursors.Add((frame.Text("cursor"), whole));
                cursors.Add(((await client.NextAsync(one => one.Text("stream") == "plan")).Text("cursor"), whole));
            }

            await server.KillAsync();
        }

        await using var again = await ServerProcess.StartAsync(folder["t.db"]);
        await using var after = await TestClient.ConnectAsync(again);
        foreach (var (cursor, seen) in cursors)
        {
            await using var client = await TestClient.ConnectAsync(again);
            await Assert.That(seen + TextOf(await ResumeAsync(client, after, "thread", "t1", cursor))).IsEqualTo(whole);
        }
    }

    [Test]
    [Arguments("threads")]
    [Arguments("tool_calls")]
    [Arguments("plan")]
    [Arguments("state")]
    public async Task A_row_that_changed_often_is_sent_once(string stream)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        string[] all =
        [
            "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c\",\"title\":\"x\"}", Plan, "{\"sessionUpdate\":\"current_mode_update\",\"currentModeId\":\"m\"}",
        ];
        await producer.IngestAsync("t1", all);
        var thread = stream == "threads" ? null : "t1";
        await using var first = await TestClient.ConnectAsync(server);
        var cursor = (await first.SubscribeAsync(stream, thread)).Text("cursor");
        // What nobody reads is not kept in memory, and so has to be read from the log.
        await first.DisposeAsync();
        for (var i = 0; i < 5; i++)
        {
            await producer.IngestAsync(
                "t1", $$"""{"sessionUpdate":"tool_call_update","toolCallId":"c","status":"in_progress","title":"{{i}}"}""", Plan,
                $$"""{"sessionUpdate":"current_mode_update","currentModeId":"m{{i}}"}""");
            await producer.AckedAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"t1\",\"updates\":{{\"title\":\"title {i}\"}}");
        }

        await using var client = await TestClient.ConnectAsync(server);
        var frames = await ResumeAsync(client, producer, stream, thread, cursor);

        await Assert.That(frames.Count).IsEqualTo(1);
        var row = frames[0].GetProperty("row");
        var shown = stream switch { "threads" => row.Text("title"), "tool_calls" => row.Text("title"), "state" => row.Text("currentModeId"), _ => "" };
        await Assert.That(shown).IsEqualTo(stream switch { "threads" => "title 4", "tool_calls" => "4", "state" => "m4", _ => "" });
    }

    [Test]
    public async Task A_row_is_whole_when_what_changed_it_last_is_in_memory_again()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var first = await TestClient.ConnectAsync(server);
        var cursor = (await first.SubscribeAsync("thread", "t1")).Text("cursor");
        await first.DisposeAsync();
        await producer.IngestAsync("t1", """{"sessionUpdate":"tool_call","toolCallId":"c","title":"x","rawInput":{"a":1}}""");
        // From here on it is in memory, as somebody reads it; and more is said than is caught up in one go.
        await using var other = await TestClient.ConnectAsync(server);
        await other.SubscribeAsync("thread", "t1");
        var pad = new string('x', 50_000);
        for (var i = 0; i < 6; i++) await producer.IngestAsync("t1", Wire.Chunk(pad, i % 2 == 0 ? "agent_message_chunk" : "agent_thought_chunk"));
        await producer.IngestAsync("t1", """{"sessionUpdate":"tool_call_update","toolCallId":"c","status":"completed"}""");

        await using var client = await TestClient.ConnectAsync(server);
        var frames = await ResumeAsync(client, producer, "thread", "t1", cursor);

        var rows = frames.Where(frame => frame.Text("stream") == "tool_calls").Select(frame => frame.GetProperty("row")).ToList();
        await Assert.That(rows[0].TryGetProperty("rawInput", out var input) ? input.GetRawText() : "left out").IsEqualTo("{\"a\":1}");
        await Assert.That(rows[^1].Text("status")).IsEqualTo("completed");
    }

    [Test]
    public async Task A_snapshot_taken_behind_an_event_that_nobody_is_told_of_is_gone_on_from()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("a"));
        await client.IngestAsync("t1", """{"sessionUpdate":"of_a_kind_that_nobody_knows"}""");
        var cursor = (await client.SubscribeAsync("messages", "t1")).Text("cursor");

        await Assert.That((await RequestAsync(client, "messages", "t1", cursor)).Text("type")).IsEqualTo("tinyvex.resumed");
        await client.IngestAsync("t1", Wire.Chunk("b"));
        await Assert.That((await client.NextAsync()).Text("append")).IsEqualTo("b");
    }

    [Test]
    public async Task A_cursor_that_cannot_be_followed_is_answered_by_a_snapshot_that_says_reset()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var other = await ServerProcess.StartAsync(folder["other.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var elsewhere = await TestClient.ConnectAsync(other);
        await client.IngestAsync("t1", Wire.Chunk("a"));
        var cursor = (await client.SubscribeAsync("messages", "t1")).Text("cursor");
        var foreign = (await elsewhere.SubscribeAsync("messages", "t1")).Text("cursor");
        // The store's own, but for its epoch, and but for its position.
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(cursor);
        byte[] wrongEpoch = [.. bytes];
        wrongEpoch[12] ^= 1;
        byte[] tooFar = [.. bytes];
        tooFar[20] ^= 1;
        byte[] negative = [.. bytes];
        negative[16] ^= 0x80;
        foreach (var since in (string[])["", "nonsense", foreign, .. ((byte[][])[wrongEpoch, tooFar, negative]).Select(one => System.Buffers.Text.Base64Url.EncodeToString(one))])
        {
            var snapshot = await RequestAsync(client, "messages", "t1", since);
            await Assert.That(snapshot.Text("type")).IsEqualTo("tinyvex.snapshot").Because(since);
            await Assert.That(snapshot.GetProperty("reset").GetBoolean()).IsTrue();
            await Assert.That(snapshot.GetProperty("rows").GetArrayLength()).IsEqualTo(1);
        }
    }

    [Test]
    public async Task A_cursor_of_a_future_that_a_restored_backup_undid_is_not_followed()
    {
        using var folder = new TempFolder();
        string before, lost;
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(server);
            await client.IngestAsync("t1", Wire.Chunk("kept"));
            before = (await client.SubscribeAsync("messages", "t1")).Text("cursor");
            await ServerProcess.RunAsync(["backup", folder["b.db"], "--db", folder["t.db"]]);
            await client.IngestAsync("t1", Wire.Chunk("lost"), Wire.Chunk("lost"));
            lost = (await RequestAsync(client, "messages", "t1", before)).Text("type") == "tinyvex.resumed"
                ? (await client.NextAsync(frame => frame.Has("append") && frame.Has("cursor"))).Text("cursor")
                : "";
            await server.StopAsync();
        }

        foreach (var file in (string[])["t.db", "t.db-wal", "t.db-shm"]) File.Delete(folder[file]);
        File.Copy(folder["b.db"], folder["t.db"]);
        // Opened twice without a word written in between, and written on beyond where the lost one ended.
        await using (var idle = await ServerProcess.StartAsync(folder["t.db"])) await idle.StopAsync();
        await using var restored = await ServerProcess.StartAsync(folder["t.db"]);
        await using var again = await TestClient.ConnectAsync(restored);
        await again.IngestAsync("t1", [.. Enumerable.Range(0, 20).Select(_ => Wire.Chunk("new", "agent_thought_chunk"))]);

        var reset = await RequestAsync(again, "messages", "t1", lost);
        await Assert.That(reset.Text("type")).IsEqualTo("tinyvex.snapshot");
        await Assert.That(reset.GetProperty("reset").GetBoolean()).IsTrue();
        await using var follower = await TestClient.ConnectAsync(restored);
        await Assert.That(TextOf(await ResumeAsync(follower, again, "messages", "t1", before))).IsEqualTo(string.Concat(Enumerable.Repeat("new", 20)));
    }

    [Test]
    [Arguments("thread", "t1")]
    [Arguments("messages", "t1")]
    [Arguments("threads", null)]
    [Arguments("runs", null)]
    public async Task That_a_thread_was_deleted_meanwhile_is_told(string stream, string? threadId)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await producer.IngestAsync("t1", Wire.Chunk("a"));
        await using var first = await TestClient.ConnectAsync(server);
        var cursor = (await first.SubscribeAsync(stream, threadId)).Text("cursor");
        await first.DisposeAsync();
        await producer.IngestAsync("t1", Wire.Chunk("b"));
        await producer.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"t1\"");

        await using var client = await TestClient.ConnectAsync(server);
        var frames = await ResumeAsync(client, producer, stream, threadId, cursor);

        await Assert.That(frames.Count).IsEqualTo(1);
        await Assert.That(frames[0].GetProperty("deleted").GetBoolean()).IsTrue();
        await Assert.That(frames[0].Text("threadId")).IsEqualTo("t1");
    }

    [Test]
    [Arguments("thread", "t1", "tinyvex.snapshot")]
    [Arguments("messages", "t1", "tinyvex.snapshot")]
    [Arguments("runs", null, "tinyvex.snapshot")]
    [Arguments("threads", null, "tinyvex.resumed")]
    [Arguments("thread", "t2", "tinyvex.resumed")]
    public async Task That_a_thread_was_deleted_is_not_told_once_it_is_there_again(string stream, string? threadId, string expected)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await producer.IngestAsync("t1", Wire.Chunk("old"));
        await producer.IngestAsync("t2", Wire.Chunk("x"));
        await using var client = await TestClient.ConnectAsync(server);
        var cursor = (await client.SubscribeAsync(stream, threadId)).Text("cursor");
        await client.AckedAsync($"\"control\":\"tvx.unsubscribe\",\"stream\":\"{stream}\"{(threadId is null ? "" : $",\"threadId\":\"{threadId}\"")}");
        await producer.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"t1\"");
        await producer.IngestAsync("t1", Wire.Chunk("new"));

        await Assert.That((await RequestAsync(client, stream, threadId, cursor)).Text("type")).IsEqualTo(expected);
        await client.SubscribeAsync("messages", "mark");
        await producer.IngestAsync("mark", Wire.Chunk("mark"));
        while (await client.NextAsync() is var frame && !(frame.TryGetProperty("append", out var text) && text.GetString() == "mark"))
        {
            await Assert.That(frame.Has("deleted")).IsFalse();
        }
    }

    [Test]
    public async Task Resuming_again_and_again_in_a_flood_loses_and_repeats_nothing()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var starter = await TestClient.ConnectAsync(server);
        var cursor = (await starter.SubscribeAsync("messages", "t1")).Text("cursor");
        var flood = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++) await producer.IngestAsync("t1", [.. Enumerable.Range(0, 20).Select(n => Wire.Chunk($"{i}.{n};"))]);
            await producer.IngestAsync("t1", Wire.Chunk("END"));
        });
        var text = new StringBuilder();
        var (have, resumes) = (0L, 0);
        while (!text.ToString().EndsWith("END", StringComparison.Ordinal))
        {
            await using var client = await TestClient.ConnectAsync(server);
            await Assert.That((await RequestAsync(client, "messages", "t1", cursor)).Text("type")).IsEqualTo("tinyvex.resumed");
            resumes++;
            var pending = new List<JsonElement>();
            for (var frames = 0; frames < 40 && !text.ToString().EndsWith("END", StringComparison.Ordinal);)
            {
                var frame = await client.NextAsync();
                pending.Add(frame);
                if (!frame.TryGetProperty("cursor", out var at)) continue;
                // Up to a cursor everything counts; what came after the last one is got again.
                cursor = at.GetString()!;
                foreach (var one in pending)
                {
                    await Assert.That(one.Number("fromSeq")).IsEqualTo(have + 1);
                    have = one.Number("seq");
                    text.Append(one.Text("append"));
                }

                frames += pending.Count;
                pending.Clear();
            }
        }

        await flood;
        await Assert.That(text.ToString()).IsEqualTo(string.Concat(Enumerable.Range(0, 4_000).Select(i => $"{i / 20}.{i % 20};")) + "END");
        await Assert.That(resumes).IsGreaterThan(3);
    }

    [Test]
    public async Task Several_resumed_at_different_places_each_end_with_everything()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var first = await TestClient.ConnectAsync(server);
        var begin = (await first.SubscribeAsync("thread", "t1")).Text("cursor");
        await producer.IngestAsync("t1", Wire.Chunk("a"), Wire.Chunk("b"));
        var middle = (await first.SubscribeAsync("messages", "t1")).Text("cursor");
        await producer.IngestAsync("t1", Wire.Chunk("c"), Plan);
        await producer.IngestAsync("t2", Wire.Chunk("x"));

        await using var client = await TestClient.ConnectAsync(server);
        await RequestAsync(client, "messages", "t1", middle);
        await RequestAsync(client, "threads", null, begin);
        var frames = await ResumeAsync(client, producer, "thread", "t1", begin);

        // Each once, as far as it was not sent already for the subscription that was ahead.
        await Assert.That(TextOf(frames.Where(frame => frame.Text("stream") == "messages"))).IsEqualTo("abc").Or.IsEqualTo("cabc");
        await Assert.That(frames.Count(frame => frame.Text("stream") == "plan")).IsEqualTo(1);
        await Assert.That(frames.Where(frame => frame.Text("stream") == "threads").Select(frame => frame.GetProperty("row").Text("id"))).Contains("t1").And.Contains("t2");
    }

    [Test]
    [Arguments("thread")]
    [Arguments("runs")]
    public async Task The_end_of_a_run_comes_behind_all_that_was_said_in_it_and_has_a_cursor(string stream)
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async text => { say('one '); say('two'); };");
        await using var first = await TestClient.ConnectAsync(stage.Server);
        var cursor = (await first.SubscribeAsync("runs")).Text("cursor");
        await first.DisposeAsync();
        var (threadId, runId) = await stage.SubmitAsync("hello");
        await stage.EndAsync(runId);
        await stage.Client.IngestAsync(threadId, Wire.Chunk("later"));

        await using var client = await TestClient.ConnectAsync(stage.Server);
        var frames = await ResumeAsync(client, stage.Client, stream, stream == "runs" ? null : threadId, cursor);

        var runs = frames.Where(frame => frame.Text("stream") == "runs").ToList();
        await Assert.That(runs[^1].GetProperty("row").Text("status")).IsEqualTo("completed");
        await Assert.That(runs[^1].Has("cursor")).IsTrue();
        await Assert.That(runs.Count(frame => frame.GetProperty("row").Text("status") == "completed")).IsEqualTo(1);
        if (stream == "thread") await Assert.That(TextOf(frames.TakeWhile(frame => !frame.Equals(runs[^1])))).IsEqualTo("helloone two");
    }

    [Test]
    public async Task Many_who_come_back_to_one_place_are_served_by_a_few_reads()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        var cursor = (await producer.SubscribeAsync("messages", "t1")).Text("cursor");
        // So that nobody reads it, and nothing of it is in memory.
        await producer.RequestAsync("\"control\":\"tvx.unsubscribe\",\"stream\":\"messages\",\"threadId\":\"t1\"");
        await producer.IngestAsync("t1", [.. Enumerable.Range(0, 50).Select(i => Wire.Chunk($"{i} "))]);
        await using var other = await TestClient.ConnectAsync(server);
        var before = (await other.RowsAsync("server.info"))[0].Number("reads");

        for (var i = 0; i < 40; i++)
        {
            await using var client = await TestClient.ConnectAsync(server);
            await RequestAsync(client, "messages", "t1", cursor);
            await Assert.That((await client.NextAsync()).Text("append")).EndsWith("49 ");
        }

        var reads = (await other.RowsAsync("server.info"))[0].Number("reads") - before;
        await Assert.That(reads).IsBetween(1, 10);
    }
}
