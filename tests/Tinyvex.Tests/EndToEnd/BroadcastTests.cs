using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Broadcast mode: every update to everyone, beginning with the last hundred.</summary>
public class BroadcastTests
{
    private static async Task<List<JsonElement>> ReadToAsync(TestClient client, string append)
    {
        var frames = new List<JsonElement>();
        while (true)
        {
            var frame = await client.NextAsync();
            frames.Add(frame);
            if (frame.TryGetProperty("append", out var text) && text.GetString() == append) return frames;
        }
    }

    [Test]
    [Arguments(null)]
    [Arguments("tinyvex.broadcast.v1")]
    public async Task A_late_joiner_gets_the_last_hundred_updates_and_then_all(string? subprotocol)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var early = await TestClient.ConnectAsync(server, subprotocol);
        for (var i = 0; i < 300; i++) await producer.IngestAsync($"t{i % 3}", Wire.Chunk($"{i}"));

        var all = await ReadToAsync(early, "299");
        await using var late = await TestClient.ConnectAsync(server, subprotocol);
        var replayed = await ReadToAsync(late, "299");
        await producer.IngestAsync("another", Wire.Chunk("live"));

        await Assert.That(all.Count(frame => frame.Has("append"))).IsEqualTo(300);
        await Assert.That(replayed.Count).IsEqualTo(100);
        await Assert.That(replayed.Select(frame => frame.GetRawText()).Lines()).IsEqualTo(all.TakeLast(100).Select(frame => frame.GetRawText()).Lines());
        await Assert.That((await ReadToAsync(late, "live")).Count).IsEqualTo(2);
        await Assert.That((await ReadToAsync(early, "live")).Count).IsEqualTo(2);
    }

    [Test]
    public async Task Replies_are_private_and_never_replayed()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var asker = await TestClient.ConnectAsync(server, subprotocol: null);
        await using var other = await TestClient.ConnectAsync(server, subprotocol: null);

        await asker.RequestAsync("\"control\":\"echo\",\"payload\":\"private\"");
        await asker.RowsAsync("threads.list");
        await asker.RefusedAsync("\"control\":\"nothing\"");
        await asker.IngestAsync("t1", Wire.Chunk("public"));
        await using var late = await TestClient.ConnectAsync(server, subprotocol: null);

        foreach (var client in (TestClient[])[asker, other, late])
        {
            var frames = await ReadToAsync(client, "public");
            await Assert.That(frames.Select(frame => frame.Text("stream")).Lines()).IsEqualTo("threads\nmessages");
        }
    }

    [Test]
    public async Task A_subscription_is_answered_by_its_snapshot_alone()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server, subprotocol: null);
        await client.IngestAsync("t1", Wire.Chunk("a"));
        await ReadToAsync(client, "a");

        var snapshot = await client.SubscribeAsync("messages", "t1");
        await client.SubscribeAsync("thread", "t1");
        await client.IngestAsync("t1", Wire.Chunk("b"));
        await client.IngestAsync("t1", Wire.Chunk("c"));
        await client.AckedAsync("\"control\":\"tvx.unsubscribe\",\"stream\":\"messages\",\"threadId\":\"t1\"");
        await client.IngestAsync("t1", Wire.Chunk("d"));

        await Assert.That(snapshot.GetProperty("rows")[0].Text("text")).IsEqualTo("a");
        await Assert.That((await ReadToAsync(client, "d")).Select(frame => frame.Text("append")).Lines()).IsEqualTo("b\nc\nd");
    }

    [Test]
    public async Task A_joiner_who_reads_late_is_caught_up_from_the_log()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var slow = await SlowClient.ConnectAsync(server, subprotocol: null);
        var pad = new string('x', 10_000);

        for (var i = 0; i < 20; i++) await producer.IngestAsync($"t{i % 2}", [.. Enumerable.Range(0, 100).Select(n => Wire.Chunk($"{i} {n} {pad}"))]);
        await producer.IngestAsync("t1", Wire.Chunk("end"));

        var chunks = 0L;
        var texts = new Dictionary<string, string> { ["t0"] = "", ["t1"] = "" };
        while (!texts["t1"].EndsWith("end", StringComparison.Ordinal))
        {
            var frame = await slow.NextAsync();
            if (!frame.TryGetProperty("append", out var append)) continue;
            texts[frame.Text("threadId")] += append.GetString();
            chunks += frame.Number("seq") - frame.Number("fromSeq") + 1;
        }

        foreach (var t in (int[])[0, 1])
        {
            var all = Enumerable.Range(0, 20).Where(i => i % 2 == t).SelectMany(i => Enumerable.Range(0, 100).Select(n => $"{i} {n} {pad}"));
            await Assert.That(texts[$"t{t}"] == string.Concat(all) + (t == 1 ? "end" : "")).IsTrue();
        }

        await Assert.That(chunks).IsEqualTo(2_001);
    }

    /// <param name="pad">Letters behind each; with many, the last updates take more than is read from the log in one go.</param>
    [Test]
    [Arguments(0)]
    [Arguments(20_000)]
    public async Task The_last_updates_are_sent_to_a_joiner_after_a_restart_too(int pad)
    {
        using var folder = new TempFolder();
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var producer = await TestClient.ConnectAsync(server);
            await producer.IngestAsync("t1", [.. Enumerable.Range(0, 150).Select(i => Wire.Chunk($"{i} {new string('x', pad)}"))]);
            await server.StopAsync();
        }

        await using var again = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(again);
        await client.IngestAsync("t1", Wire.Chunk("new"));
        await using var joiner = await TestClient.ConnectAsync(again, subprotocol: null);
        var frames = new List<JsonElement>();
        while (frames.Count == 0 || !frames[^1].TryGetProperty("append", out var text) || text.GetString() != "new") frames.Add(await joiner.NextAsync());

        await Assert.That(frames.Count).IsEqualTo(100);
        var chunks = frames.Where(frame => frame.Has("append")).Select(frame => frame.Text("append").TrimEnd('x', ' ')).ToList();
        await Assert.That(chunks).Contains("149");
        await Assert.That(chunks.SkipLast(1).Lines()).IsEqualTo(Enumerable.Range(150 - (chunks.Count - 1), chunks.Count - 1).Select(i => $"{i}").Lines());
    }
}
