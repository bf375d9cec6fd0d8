using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Hosting;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Connections;

/// <summary>What one connection may have under way at once. With limits so small that a test meets them.</summary>
public class InFlightTests
{
    private static Task<TinyvexServer> StartAsync(string database, Func<TinyvexOptions, TinyvexOptions> with) => TinyvexServer.StartAsync(
        with(new TinyvexOptions { DatabasePath = database, Address = IPAddress.Loopback, Port = 0 }), TimeProvider.System, NullLoggerFactory.Instance);

    [Test]
    public async Task Beyond_its_writes_under_way_nothing_more_is_read_from_a_connection()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"], options => options with { MaxWritesInFlight = 2 });
        await using var client = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
        await client.IngestAsync("t", Wire.Chunk("x"));
        List<Task<JsonElement>> writes;
        using (var other = OriginalFile.Open(folder["t.db"], SqliteOpenMode.ReadWrite))
        {
            OriginalFile.Execute(other, "BEGIN EXCLUSIVE");
            writes = [.. Enumerable.Range(0, 20).Select(_ => client.RequestAsync(Wire.Ingest("t", Wire.Chunk("x"))))];
            // The third was read, and waits for one of the two before it.
            await MetricsText.UntilAsync(server.Url, null, "tinyvex_requests_total", count => count == 1 + 3);
            await using var another = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
            for (var i = 0; i < 50; i++) await another.RequestAsync("\"control\":\"echo\"");
            await Assert.That((await MetricsText.ScrapeAsync(server.Url))["tinyvex_requests_total"]).IsEqualTo(1 + 3 + 50);
        }

        foreach (var write in writes) await Assert.That((await write).Text("type")).IsEqualTo("tinyvex.ack");
    }

    [Test]
    public async Task Beyond_the_replies_that_wait_for_it_nothing_more_is_read_from_a_connection()
    {
        const int requests = 2_000;
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"], options => options with { MaxReplyBytes = 100_000 });
        await using var client = await NarrowClient.ConnectAsync(new Uri(server.Ready.Ws));
        var payload = new string('x', 20_000);

        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < requests; i++) await client.SendAsync($"{{\"control\":\"echo\",\"id\":{i},\"payload\":\"{payload}\"}}");
        });
        await SettledAsync(server, "tinyvex_requests_total");

        // What was read fits the bound and what the system takes; the rest of 40 MB waits with the client.
        await Assert.That((await MetricsText.ScrapeAsync(server.Url))["tinyvex_requests_total"]).IsLessThan(requests / 2);
        for (var i = 0; i < requests; i++) await Assert.That((await client.NextAsync())!.Value.Number("id")).IsEqualTo(i);
        await sending;
    }

    [Test]
    public async Task Beyond_the_requests_about_subscriptions_that_wait_more_are_refused()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"], options => options with { MaxSubscriptionsPerConnection = 2 });
        await using var producer = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
        await producer.IngestAsync("t", [.. Enumerable.Range(0, 40).Select(_ => Wire.Chunk(new string('x', 200_000), messageId: Guid.NewGuid().ToString()))]);
        await using var client = await NarrowClient.ConnectAsync(new Uri(server.Ready.Ws));
        await client.SendAsync("{\"control\":\"tvx.subscribe\",\"id\":0,\"stream\":\"messages\",\"threadId\":\"t\"}");
        // Its snapshot is under way, and gets nowhere.
        await MetricsText.UntilAsync(server.Url, null, "tinyvex_snapshots_total{source=\"read\"}", count => count == 1);

        for (var id = 1; id <= 5; id++) await client.SendAsync($"{{\"control\":\"tvx.unsubscribe\",\"id\":{id},\"stream\":\"messages\",\"threadId\":\"t\"}}");
        await MetricsText.UntilAsync(server.Url, null, "tinyvex_requests_refused_total{code=\"overloaded\"}", count => count == 3);

        var answers = new List<string>();
        while (answers.Count < 6 && await client.NextAsync() is { } frame) answers.Add($"{frame.Number("id")} {frame.Text("type")}");
        await Assert.That(answers.Order(StringComparer.Ordinal).Lines()).IsEqualTo(
            "0 tinyvex.snapshot\n1 tinyvex.ack\n2 tinyvex.ack\n3 tinyvex.error\n4 tinyvex.error\n5 tinyvex.error");
    }

    [Test]
    public async Task A_query_is_answered_before_the_next_request_is_looked_at()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"], options => options);
        await using var client = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));

        for (var i = 0; i < 100; i++)
        {
            await client.SendAsync($"{{\"control\":\"tvx.query\",\"id\":{2 * i},\"name\":\"server.info\"}}");
            await client.SendAsync($"{{\"control\":\"echo\",\"id\":{(2 * i) + 1}}}");
        }

        for (var i = 0; i < 200; i++) await Assert.That((await client.NextAsync()).Number("id")).IsEqualTo(i);
    }

    [Test]
    public async Task A_cursor_too_far_behind_gets_a_snapshot()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"], options => options with { MaxReplayedEvents = 10 });
        await using var client = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
        var cursor = (await client.IngestAsync("t", Wire.Chunk("x"))).Text("cursor");
        await client.IngestAsync("t", [.. Enumerable.Range(0, 10).Select(_ => Wire.Chunk("x"))]);
        var subscribe = $"\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"t\",\"since\":\"{cursor}\"";
        await Assert.That((await client.RequestAsync(subscribe)).Text("type")).IsEqualTo("tinyvex.resumed");

        await client.IngestAsync("t", Wire.Chunk("x"));

        var snapshot = await client.RequestAsync(subscribe);
        await Assert.That((snapshot.Text("type"), snapshot.GetProperty("reset").GetBoolean())).IsEqualTo(("tinyvex.snapshot", true));
    }

    /// <summary>Waits until a count has stood still over many looks at it, each of which takes the server some work.</summary>
    private static async Task SettledAsync(TinyvexServer server, string sample)
    {
        var (before, same) = (-1.0, 0);
        while (same < 50)
        {
            var now = (await MetricsText.ScrapeAsync(server.Url))[sample];
            same = now == before && now > 0 ? same + 1 : 0;
            before = now;
        }
    }
}
