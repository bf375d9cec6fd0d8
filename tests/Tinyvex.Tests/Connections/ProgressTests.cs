using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Connections;

/// <summary>Which clients are given up, and which are only slow. With limits that a test can wait for.</summary>
public class ProgressTests
{
    private static readonly string Large = new('x', 10_000);

    private static Task<TinyvexServer> StartAsync(string database, double progress, double silence, double ping = 0.2) => TinyvexServer.StartAsync(
        new TinyvexOptions
        {
            DatabasePath = database,
            Address = IPAddress.Loopback,
            Port = 0,
            ProgressLimit = TimeSpan.FromSeconds(progress),
            SilenceLimit = TimeSpan.FromSeconds(silence),
            PingInterval = TimeSpan.FromSeconds(ping),
        },
        TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<NarrowClient> SubscribedAsync(TinyvexServer server)
    {
        var client = await NarrowClient.ConnectAsync(new Uri(server.Ready.Ws));
        await client.SendAsync("{\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"t1\",\"id\":1}");
        await client.NextAsync();
        return client;
    }

    private static async Task<long> ConnectionsAsync(TestClient client) => (await client.RowsAsync("server.info"))[0].Number("connections");

    /// <summary>Far more than what a socket takes for one who does not read.</summary>
    private static async Task FloodAsync(TestClient producer, int rounds = 20)
    {
        for (var i = 0; i < rounds; i++) await producer.IngestAsync("t1", [.. Enumerable.Range(0, 100).Select(_ => Wire.Chunk(Large))]);
    }

    [Test]
    public async Task One_who_takes_nothing_is_given_up_and_finds_4408_when_it_wakes_up()
    {
        using var folder = new TempFolder();
        // So long has a client, too, to wake up in before it is cut.
        await using var server = await StartAsync(folder["t.db"], progress: 6, silence: 60);
        await using var producer = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
        await using var stuck = await SubscribedAsync(server);
        await FloodAsync(producer);

        while (await ConnectionsAsync(producer) > 1) await Task.Delay(50);
        while (await stuck.ReadAsync(64 * 1024) > 0)
        {
        }

        await Assert.That(stuck.CloseStatus).IsEqualTo((WebSocketCloseStatus)4408);
    }

    [Test]
    public async Task One_who_takes_nothing_and_never_wakes_up_is_cut()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"], progress: 1, silence: 60);
        await using var producer = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
        await using var stuck = await SubscribedAsync(server);
        await FloodAsync(producer);

        while (server.OpenSockets > 1) await Task.Delay(50);

        await Assert.That(await ConnectionsAsync(producer)).IsEqualTo(1);
    }

    [Test]
    public async Task One_who_takes_a_little_is_never_given_up_and_ends_with_everything()
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("only Linux tells how much has reached the other side");
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"], progress: 2, silence: 3);
        await using var producer = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
        await using var slow = await SubscribedAsync(server);
        await FloodAsync(producer, rounds: 5);
        await producer.IngestAsync("t1", Wire.Chunk("THE END"));

        // A kilobyte at a time, for several times as long as one may take nothing.
        var read = 0L;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(8); await Task.Delay(200)) read += await slow.ReadAsync(1_024);
        await Assert.That(await ConnectionsAsync(producer)).IsEqualTo(2);
        await Assert.That(read).IsLessThan(100_000);

        while (await slow.ReadAsync(1024 * 1024) is var more and > 0 && (read += more) < 5 * 100 * Large.Length)
        {
        }

        await Assert.That(slow.CloseStatus).IsNull();
    }

    [Test]
    public async Task One_who_answers_no_ping_is_cut_and_one_who_does_is_not()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder["t.db"], progress: 60, silence: 1.5);
        await using var alive = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
        await using var silent = await NarrowClient.ConnectAsync(new Uri(server.Ready.Ws));
        await Deadline.UntilAsync(() => server.OpenSockets == 2, "both are in");

        while (server.OpenSockets > 1) await Task.Delay(50);

        await Assert.That(await ConnectionsAsync(alive)).IsEqualTo(1);
    }
}
