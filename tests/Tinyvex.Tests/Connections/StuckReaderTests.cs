using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Connections;

/// <summary>One who has stopped reading among very many who have not.</summary>
public class StuckReaderTests
{
    private const int Readers = 200;
    private const int MegabyteRounds = 48;

    /// <summary>Far less than what would wait if it were kept, and more than the topics of two threads.</summary>
    private const long MostGrowth = MegabyteRounds * 1024 * 1024 / 2;

    private static readonly string Large = new('x', 10_000);

    /// <summary>One that other tests leave no memory to, and that nobody is given up in however slow the machine is.</summary>
    [Test]
    [NotInParallel]
    public async Task It_costs_the_server_no_memory_and_ends_with_the_same_text()
    {
        using var folder = new TempFolder();
        var patience = TimeSpan.FromMinutes(10);
        await using var server = await TinyvexServer.StartAsync(
            new TinyvexOptions { DatabasePath = folder["t.db"], Address = IPAddress.Loopback, Port = 0, ProgressLimit = patience, SilenceLimit = patience },
            TimeProvider.System, NullLoggerFactory.Instance);
        var ws = new Uri(server.Ready.Ws);
        await using var producer = await TestClient.ConnectAsync(ws);
        var quick = new List<ClientWebSocket>();
        for (var i = 0; i < Readers; i++) quick.Add(await SubscribedAsync(ws));
        await using var stuck = await NarrowClient.ConnectAsync(ws);
        await FloodAsync(producer, "warm", MegabyteRounds / 2);
        foreach (var thread in (string[])["t1", "large"])
        {
            await stuck.SendAsync($"{{\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"{thread}\",\"id\":1}}");
            await stuck.NextAsync();
        }

        // From here on it reads nothing, while the others read what is said meanwhile.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var reading = quick.Select(ReadToEndAsync).ToList();
        await FloodAsync(producer, "large", MegabyteRounds);
        for (var i = 0; i < 100; i++) await producer.IngestAsync("t1", Wire.Chunk($"{i} {Large}"));
        await producer.IngestAsync("t1", Wire.Chunk("THE END"));
        await Task.WhenAll(reading);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;

        var texts = new Dictionary<string, StringBuilder> { ["t1"] = new(), ["large"] = new() };
        while (texts["large"].Length < MegabyteRounds * 100 * Large.Length || !texts["t1"].ToString().EndsWith("THE END", StringComparison.Ordinal))
        {
            var frame = (await stuck.NextAsync())!.Value;
            if (frame.TryGetProperty("append", out var append)) texts[frame.Text("threadId")].Append(append.GetString());
        }

        await Assert.That(texts["t1"].ToString() == string.Concat(Enumerable.Range(0, 100).Select(i => $"{i} {Large}")) + "THE END").IsTrue();
        await Assert.That(texts["large"].Length).IsEqualTo(MegabyteRounds * 100 * Large.Length);
        await Assert.That(growth).IsLessThan(MostGrowth);
        foreach (var client in quick) client.Dispose();
    }

    private static async Task FloodAsync(TestClient producer, string thread, int rounds)
    {
        for (var i = 0; i < rounds; i++) await producer.IngestAsync(thread, [.. Enumerable.Range(0, 100).Select(_ => Wire.Chunk(Large))]);
    }

    private static async Task<ClientWebSocket> SubscribedAsync(Uri ws)
    {
        var client = new ClientWebSocket();
        client.Options.AddSubProtocol("tinyvex.v1");
        await client.ConnectAsync(ws, Deadline.Token());
        await client.SendAsync("{\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"t1\",\"id\":1}"u8.ToArray(), WebSocketMessageType.Text, true, Deadline.Token());
        return client;
    }

    private static async Task ReadToEndAsync(ClientWebSocket client)
    {
        // What came before is kept as far as the mark may be cut by it.
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf("THE END"u8) < 0)
        {
            var kept = Math.Min(length, 8);
            buffer.AsSpan(length - kept, kept).CopyTo(buffer);
            length = kept + (await client.ReceiveAsync(buffer.AsMemory(kept), Deadline.Token(TimeSpan.FromMinutes(3)))).Count;
        }
    }
}
