using System.Text;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Many updates, many readers, slow readers: everyone ends with the same text.</summary>
public class FloodTests
{
    /// <summary>What a client makes of a snapshot and the updates after it, by the rules for clients.</summary>
    private sealed class Model(JsonElement snapshot)
    {
        private readonly Dictionary<string, (StringBuilder Text, long Have)> _messages = snapshot.GetProperty("rows").EnumerateArray()
            .ToDictionary(row => row.Text("itemId"), row => (new StringBuilder(row.Text("text")), row.Number("seq")));

        public int Finalized { get; private set; }

        /// <summary>Applies a frame, and complains of a gap or of a chunk that was sent twice.</summary>
        public void Apply(JsonElement frame)
        {
            if (frame.Text("type") == "tinyvex.finalize") Finalized++;
            if (frame.Text("type") != "tinyvex.update" || frame.Text("stream") != "messages") return;
            var (text, have) = _messages.TryGetValue(frame.Text("itemId"), out var known) ? known : (new StringBuilder(), 0);
            if (frame.Number("fromSeq") != have + 1) throw new InvalidOperationException($"chunks {frame.Number("fromSeq")}… came after {have}");
            text.Append(frame.Text("append"));
            if (Encoding.UTF8.GetByteCount(text.ToString()) != frame.Number("textLen") && frame.Number("seq") % 100 == 0) throw new InvalidOperationException("textLen is off");
            _messages[frame.Text("itemId")] = (text, frame.Number("seq"));
        }

        public async Task CompareAsync(TestClient client, string threadId)
        {
            var rows = await client.RowsAsync("messages.list", threadId);
            await Assert.That(_messages.Count).IsEqualTo(rows.Length);
            foreach (var row in rows)
            {
                var whole = (await client.QueryAsync("messages.get", $"\"threadId\":\"{threadId}\",\"itemId\":\"{row.Text("itemId")}\"")).GetProperty("rows")[0];
                await Assert.That(_messages[row.Text("itemId")].Text.ToString() == whole.Text("text")).IsTrue();
                await Assert.That(_messages[row.Text("itemId")].Have).IsEqualTo(whole.Number("seq"));
            }
        }
    }

    /// <summary>Ingests as fast as the server takes it, and ends with a message of its own kind.</summary>
    private static async Task FloodAsync(TestClient client, string threadId, int updates, int textLength = 3)
    {
        var pad = new string('ä', textLength);
        var acks = new List<Task>();
        for (var i = 0; i < updates; i++)
        {
            var kind = i / 500 % 2 == 0 ? "agent_message_chunk" : "agent_thought_chunk";
            acks.Add(client.AckedAsync(Wire.Ingest(threadId, Wire.Chunk($"{i}{pad}", kind))));
            if (acks.Count < 200) continue;
            await Task.WhenAll(acks);
            acks.Clear();
        }

        await Task.WhenAll(acks);
        await client.IngestAsync(threadId, Wire.Chunk("THE END", "user_message_chunk"));
    }

    private static async Task ReadToEndAsync(TestClient client, Model model)
    {
        while (true)
        {
            var frame = await client.NextAsync();
            model.Apply(frame);
            if (frame.TryGetProperty("append", out var append) && append.GetString() == "THE END") return;
        }
    }

    [Test]
    [Arguments("messages")]
    [Arguments("thread")]
    public async Task Subscribing_in_the_middle_of_a_flood_loses_and_repeats_nothing(string stream)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        var flood = FloodAsync(producer, "t1", 5_000);

        async Task JoinAsync()
        {
            await using var client = await TestClient.ConnectAsync(server);
            var snapshot = await client.SubscribeAsync(stream, "t1", ",\"limit\":1000");
            var rows = stream == "messages" ? snapshot : JsonDocument.Parse($"{{\"rows\":{snapshot.GetProperty("messages").GetRawText()}}}").RootElement;
            var model = new Model(rows);
            // One that came late may have found the end in its snapshot already.
            if (!rows.GetRawText().Contains("THE END", StringComparison.Ordinal)) await ReadToEndAsync(client, model);
            await model.CompareAsync(client, "t1");
        }

        var joined = new List<Task>();
        while (!flood.IsCompleted)
        {
            joined.Add(JoinAsync());
            await Task.WhenAny(flood, Task.Delay(100));
        }

        await flood;
        await Task.WhenAll(joined);
        await Assert.That(joined.Count).IsGreaterThan(1);
    }

    [Test]
    public async Task A_reader_that_does_not_read_for_a_while_ends_with_everything_and_disturbs_nobody()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var quick = await TestClient.ConnectAsync(server);
        await using var slow = await SlowClient.ConnectAsync(server);
        await slow.SendAsync("{\"control\":\"tvx.subscribe\",\"stream\":\"threads\",\"id\":1}");
        await slow.SendAsync("{\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"idle\",\"id\":2}");
        await slow.SendAsync("{\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"t1\",\"id\":3}");
        JsonElement snapshot = default;
        for (var id = 1; id <= 3; id++) snapshot = await slow.NextAsync();
        var quickModel = new Model(await quick.SubscribeAsync("messages", "t1"));

        // From here on the slow one reads nothing; 20,000 updates are far more than what its socket and the memory of the topic take.
        var reading = ReadToEndAsync(quick, quickModel);
        await FloodAsync(producer, "t1", 20_000, textLength: 60);
        await reading;
        await quickModel.CompareAsync(producer, "t1");

        var slowModel = new Model(snapshot);
        while (true)
        {
            var frame = await slow.NextAsync();
            slowModel.Apply(frame);
            if (frame.TryGetProperty("append", out var append) && append.GetString() == "THE END") break;
        }

        await slowModel.CompareAsync(producer, "t1");
        await Assert.That(slowModel.Finalized).IsEqualTo(quickModel.Finalized);
        await Assert.That(slowModel.Finalized).IsEqualTo(40);
    }

    [Test]
    public async Task Two_hundred_subscribers_all_get_everything()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        var readers = new List<(TestClient Client, Model Model)>();
        for (var i = 0; i < 200; i++)
        {
            var client = await TestClient.ConnectAsync(server);
            readers.Add((client, new Model(await client.SubscribeAsync("messages", "t1"))));
        }

        await FloodAsync(producer, "t1", 500);
        await Task.WhenAll(readers.Select(reader => ReadToEndAsync(reader.Client, reader.Model)));

        await readers[0].Model.CompareAsync(producer, "t1");
        await readers[^1].Model.CompareAsync(producer, "t1");
        await Assert.That((await producer.RowsAsync("server.info"))[0].Number("connections")).IsEqualTo(201);
        foreach (var (client, _) in readers) await client.DisposeAsync();
    }
}
