using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Subscriptions: their snapshots, what follows, and what does not.</summary>
public class SubscriptionTests
{
    private static readonly string[] Everything =
    [
        Wire.Chunk("a"), "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c\",\"title\":\"x\"}", "{\"sessionUpdate\":\"plan\",\"entries\":[]}",
        "{\"sessionUpdate\":\"current_mode_update\",\"currentModeId\":\"m\"}", "{\"sessionUpdate\":\"unheard_of\"}",
    ];

    /// <summary>Reads on to the chunk whose text is given.</summary>
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
    public async Task Each_stream_sends_its_own_and_nothing_else()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("other", Everything);
        (string Stream, string? Thread, string Sent)[] cases =
        [
            ("threads", null, "threads"), ("messages", "t1", "messages"), ("tool_calls", "t1", "tool_calls"), ("plan", "t1", "plan"), ("state", "t1", "state"),
            ("runs", "t1", ""), ("permissions", "t1", ""), ("runs", null, ""), ("permissions", null, ""),
            ("thread", "t1", "messages plan state threads tool_calls"),
        ];
        var readers = new List<TestClient>();
        foreach (var (stream, thread, _) in cases)
        {
            var reader = await TestClient.ConnectAsync(server);
            readers.Add(reader);
            var snapshot = await reader.SubscribeAsync(stream, thread);
            await Assert.That(snapshot.Text("stream")).IsEqualTo(stream);
            await Assert.That(snapshot.Text("cursor")).IsNotEmpty();
            await Assert.That(snapshot.Has("reset")).IsFalse();
            await Assert.That(snapshot.Has("threadId")).IsEqualTo(thread is not null);
            if (stream != "thread") await Assert.That(snapshot.GetProperty("rows").GetArrayLength()).IsEqualTo(stream == "threads" ? 1 : 0);
        }

        await client.IngestAsync("t1", Everything);
        for (var i = 0; i < cases.Length; i++)
        {
            // Whatever comes for a second subscription comes after all of the first.
            await readers[i].SubscribeAsync("messages", "marker");
            await client.IngestAsync("marker", Wire.Chunk($"{i}"));
            var frames = await ReadToAsync(readers[i], $"{i}");
            var streams = frames.SkipLast(1).Where(frame => !frame.TryGetProperty("row", out var row) || !row.TryGetProperty("id", out var id) || id.GetString() == "t1")
                .Select(frame => frame.Text("stream")).Distinct().Order();
            await Assert.That(string.Join(' ', streams)).IsEqualTo(cases[i].Sent).Because(cases[i].Stream);
            await readers[i].DisposeAsync();
        }
    }

    [Test]
    public async Task A_thread_snapshot_holds_all_parts_and_is_empty_where_nothing_is()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var later = await TestClient.ConnectAsync(server);

        var empty = await client.SubscribeAsync("thread", "t1");
        await client.IngestAsync("t1", Everything);
        var full = await later.SubscribeAsync("thread", "t1");

        foreach (var part in (string[])["thread", "plan", "state"])
        {
            await Assert.That(empty.GetProperty(part).ValueKind).IsEqualTo(JsonValueKind.Null).Because(part);
            await Assert.That(full.GetProperty(part).ValueKind).IsEqualTo(JsonValueKind.Object).Because(part);
        }

        foreach (var (part, count) in ((string, int)[])[("messages", 1), ("toolCalls", 1), ("runs", 0), ("permissions", 0)])
        {
            await Assert.That(empty.GetProperty(part).GetArrayLength()).IsEqualTo(0).Because(part);
            await Assert.That(full.GetProperty(part).GetArrayLength()).IsEqualTo(count).Because(part);
        }

        // What comes to the empty one begins with the thread itself.
        await Assert.That((await client.NextAsync()).GetProperty("row").Text("id")).IsEqualTo("t1");
    }

    [Test]
    public async Task Overlapping_subscriptions_send_each_update_once_with_rising_cursors()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var reader = await TestClient.ConnectAsync(server);
        foreach (var stream in (string[])["thread", "messages", "plan", "thread", "messages"]) await reader.SubscribeAsync(stream, "t1");
        await reader.SubscribeAsync("threads");
        await reader.SubscribeAsync("messages", "t2");

        for (var i = 0; i < 20; i++)
        {
            await client.IngestAsync("t1", Everything);
            await client.IngestAsync("t2", Everything);
        }

        await client.IngestAsync("t1", Wire.Chunk("end"));
        var frames = await ReadToAsync(reader, "end");

        await Assert.That(frames.Select(frame => frame.Text("cursor")).Distinct().Count()).IsEqualTo(frames.Count);
        await Assert.That(frames.Count(frame => frame.Text("stream") == "plan")).IsEqualTo(20);
        await Assert.That(frames.Count(frame => frame.Has("append"))).IsEqualTo(41);
        // Base64url of big-endian numbers of one store and epoch: in order as bytes.
        var positions = frames.Select(frame => Convert.ToHexString(System.Buffers.Text.Base64Url.DecodeFromChars(frame.Text("cursor")))).ToList();
        await Assert.That(positions.SequenceEqual(positions.Order(StringComparer.Ordinal))).IsTrue();
    }

    [Test]
    public async Task After_an_unsubscribe_nothing_more_comes()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var reader = await TestClient.ConnectAsync(server);
        await reader.SubscribeAsync("messages", "marker");
        const string messages = "\"stream\":\"messages\",\"threadId\":\"t1\"";

        await reader.SubscribeAsync("messages", "t1");
        await reader.AckedAsync("\"control\":\"tvx.unsubscribe\"," + messages);
        await reader.AckedAsync("\"control\":\"tvx.unsubscribe\"," + messages);
        // Both in one go: the answers come in order, and the last word counts.
        await reader.SendAsync($"{{\"control\":\"tvx.subscribe\",{messages},\"id\":1}}");
        await reader.SendAsync($"{{\"control\":\"tvx.unsubscribe\",{messages},\"id\":2}}");
        await Assert.That((await reader.NextAsync()).Text("type")).IsEqualTo("tinyvex.snapshot");
        await Assert.That((await reader.NextAsync()).Text("type")).IsEqualTo("tinyvex.ack");

        await client.IngestAsync("t1", Everything);
        await client.IngestAsync("marker", Wire.Chunk("end"));
        await Assert.That((await ReadToAsync(reader, "end")).Count).IsEqualTo(1);
    }

    [Test]
    public async Task A_deleted_thread_is_told_to_its_subscribers_and_may_come_back()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var threads = await TestClient.ConnectAsync(server);
        await using var thread = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Everything);
        await threads.SubscribeAsync("threads");
        await thread.SubscribeAsync("thread", "t1");

        await client.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"t1\"");
        foreach (var reader in (TestClient[])[threads, thread])
        {
            var deleted = await reader.NextAsync();
            await Assert.That($"{deleted.Text("stream")} {deleted.Text("threadId")} {deleted.GetProperty("deleted")}").IsEqualTo("threads t1 True");
        }

        await client.IngestAsync("t1", Wire.Chunk("back"));
        var back = await ReadToAsync(thread, "back");
        await Assert.That(back[^1].Number("seq")).IsEqualTo(1);
    }
}
