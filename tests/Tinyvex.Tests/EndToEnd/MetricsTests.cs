using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tinyvex.Tests.Architecture;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What the server says of itself to those who watch it.</summary>
public class MetricsTests
{
    [Test]
    public async Task The_document_lists_what_the_page_has_and_nothing_else()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);

        var page = await MetricsText.ScrapeAsync(server);

        var own = page.Types.Where(one => one.Key.StartsWith("tinyvex_", StringComparison.Ordinal)).Select(one => $"{one.Key} {one.Value}");
        var listed = new[] { "## The store", "## Agents", "## Clients", "## The server" }
            .SelectMany(heading => Repository.Table("docs/metrics.md", heading)).Select(row => $"{row[0].Trim('`').Split('{')[0]} {row[1]}");
        await Assert.That(listed.Order(StringComparer.Ordinal).Lines()).IsEqualTo(own.Order(StringComparer.Ordinal).Lines());
        foreach (var name in Repository.Table("docs/metrics.md", "## The process").Select(row => row[0].Trim('`').Split('{')[0])) await Assert.That(page.Types.Keys).Contains(name);
    }

    [Test]
    public async Task It_needs_the_token_and_answers_GET_and_HEAD_alone()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        var bearer = $"Authorization: Bearer {server.Token}\r\n";

        var page = await RawHttp.GetAsync(server, "/metrics", bearer);
        await Assert.That((page.Status, page.Header("Content-Type"))).IsEqualTo((200, "text/plain; version=0.0.4; charset=utf-8"));
        await Assert.That(page.Body).DoesNotContain(server.Token!).And.DoesNotContain(folder.Path);
        var head = await RawHttp.SendAsync(server, $"HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n{bearer}Connection: close\r\n\r\n");
        await Assert.That((head.Status, head.Body)).IsEqualTo((200, ""));
        await Assert.That(int.Parse(head.Header("Content-Length")!)).IsGreaterThan(1_000);
        await Assert.That((await RawHttp.GetAsync(server, $"/metrics?token={server.Token}")).Status).IsEqualTo(200);
        var without = await RawHttp.GetAsync(server, "/metrics");
        await Assert.That((without.Status, without.Header("WWW-Authenticate"))).IsEqualTo((401, "Bearer"));
        await Assert.That((await RawHttp.GetAsync(server, "/metrics", "Authorization: Bearer wrong\r\n")).Status).IsEqualTo(401);
        await Assert.That((await RawHttp.GetAsync(server, "/metrics", bearer + "Content-Length: 0\r\n", "POST")).Status).IsEqualTo(405);
    }

    [Test]
    public async Task A_known_number_of_updates_gives_that_number()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var everything = await TestClient.ConnectAsync(server, subprotocol: null);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t", Wire.Chunk("first"));
        var before = await MetricsText.ScrapeAsync(server);

        for (var i = 0; i < 25; i++) await client.IngestAsync("t", Wire.Chunk("a"), Wire.Chunk("b"));
        await client.QueryAsync("server.info");

        var page = await MetricsText.ScrapeAsync(server);
        await Assert.That(Grown("tinyvex_events_total")).IsEqualTo(50);
        await Assert.That(Grown("tinyvex_updates_total")).IsEqualTo(50);
        await Assert.That(Grown("tinyvex_commits_total")).IsEqualTo(25);
        await Assert.That(Grown("tinyvex_commit_duration_seconds_count")).IsEqualTo(25);
        await Assert.That(Grown("tinyvex_commit_duration_seconds_sum")).IsBetween(0.000_025, 30);
        await Assert.That(Grown("tinyvex_commit_commands_bucket{le=\"1\"}")).IsEqualTo(25);
        await Assert.That(Grown("tinyvex_commit_commands_sum")).IsEqualTo(25);
        await Assert.That(Grown("tinyvex_requests_total")).IsEqualTo(26);
        await Assert.That(Grown("tinyvex_rollbacks_total")).IsEqualTo(0);
        await Assert.That(page["tinyvex_events_total"]).IsEqualTo((await client.RowsAsync("server.info"))[0].Number("lastEvent"));
        await Assert.That(page["tinyvex_database_bytes"] + page["tinyvex_wal_bytes"]).IsEqualTo(new FileInfo(folder["t.db"]).Length + new FileInfo(folder["t.db-wal"]).Length);

        double Grown(string sample) => page[sample] - before[sample];
    }

    [Test]
    public async Task Bytes_are_those_of_the_sockets()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var before = await MetricsText.ScrapeAsync(server);

        var reply = await client.RequestAsync($"\"control\":\"echo\",\"payload\":\"{new string('x', 10_000)}\"");

        var page = await MetricsText.ScrapeAsync(server);
        // Header and mask of a client's frame; header alone of the server's.
        await Assert.That(page["tinyvex_received_bytes_total"] - before["tinyvex_received_bytes_total"])
            .IsEqualTo($"{{\"id\":\"r1\",\"control\":\"echo\",\"payload\":\"\"}}".Length + 10_000 + 8);
        await Assert.That(page["tinyvex_sent_bytes_total"] - before["tinyvex_sent_bytes_total"]).IsEqualTo(reply.GetRawText().Length + 4);
    }

    [Test]
    public async Task Connections_are_counted_by_mode_and_subscriptions_with_them()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var broadcast = await TestClient.ConnectAsync(server, subprotocol: null);
        await using (var first = await TestClient.ConnectAsync(server))
        {
            await using var second = await TestClient.ConnectAsync(server);
            await first.SubscribeAsync("threads");
            await first.SubscribeAsync("messages", "t");
            await second.SubscribeAsync("messages", "t");
            await broadcast.RequestAsync("\"control\":\"echo\"");

            var page = await MetricsText.ScrapeAsync(server);
            await Assert.That((page["tinyvex_connections{mode=\"sync\"}"], page["tinyvex_connections{mode=\"broadcast\"}"])).IsEqualTo((2, 1));
            await Assert.That(page["tinyvex_subscriptions"]).IsEqualTo(4);
            // Two ask for the same one while nothing is published.
            await Assert.That((page["tinyvex_snapshots_total{source=\"read\"}"], page["tinyvex_snapshots_total{source=\"shared\"}"])).IsEqualTo((2, 1));
        }

        var later = await MetricsText.UntilAsync(server.Url, server.Token, "tinyvex_connections{mode=\"sync\"}", count => count == 0);
        await Assert.That((later["tinyvex_subscriptions"], later["tinyvex_connections_opened_total"])).IsEqualTo((1, 3));
    }

    [Test]
    public async Task What_is_refused_is_counted_by_its_code()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.RefusedAsync("\"control\":\"tvx.update_thread\",\"threadId\":\"none\",\"updates\":{\"title\":\"x\"}");
        await client.RefusedAsync("\"control\":\"nothing\"");
        await client.SendAsync("no JSON");
        await client.NextAsync();

        var page = await MetricsText.ScrapeAsync(server);
        await Assert.That(page["tinyvex_writes_refused_total{code=\"not_found\"}"]).IsEqualTo(1);
        await Assert.That(Refusals("tinyvex_writes_refused_total")).IsEqualTo(1);
        await Assert.That(page["tinyvex_requests_refused_total{code=\"unknown_control\"}"]).IsEqualTo(1);
        await Assert.That(page["tinyvex_requests_refused_total{code=\"bad_json\"}"]).IsEqualTo(1);
        await Assert.That(Refusals("tinyvex_requests_refused_total")).IsEqualTo(3);

        double Refusals(string name) => page.Samples.Where(sample => sample.StartsWith(name, StringComparison.Ordinal)).Sum(sample => page[sample]);
    }

    [Test]
    public async Task Runs_agents_and_permissions_are_those_of_this_moment_and_ends_are_counted()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async text => { if (text === 'ask') await permit(); else if (text === 'wait') { await cancelled; return 'cancelled'; } else process.exit(3); };");
        var (thread, run) = await stage.SubmitAsync("ask");
        var (_, next) = await stage.SubmitAsync("wait", thread);
        var request = await stage.PendingAsync();

        var page = await MetricsText.ScrapeAsync(stage.Server);
        await Assert.That((page["tinyvex_runs_running"], page["tinyvex_runs_queued"], page["tinyvex_agents"], page["tinyvex_permissions_pending"])).IsEqualTo((1, 1, 1, 1));

        await stage.Client.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{request}\",\"optionId\":\"yes\"");
        await stage.EndAsync(run);
        await stage.StateAsync(next, "running");
        await stage.Client.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{next}\"");
        await stage.EndAsync(next);
        await stage.RunAsync("fail", thread);

        page = await MetricsText.UntilAsync(stage.Server.Url, stage.Server.Token, "tinyvex_agents", agents => agents == 0);
        await Assert.That((page["tinyvex_runs_running"], page["tinyvex_runs_queued"], page["tinyvex_permissions_pending"])).IsEqualTo((0, 0, 0));
        await Assert.That((
            page["tinyvex_runs_ended_total{status=\"completed\"}"], page["tinyvex_runs_ended_total{status=\"cancelled\"}"],
            page["tinyvex_runs_ended_total{status=\"failed\"}"])).IsEqualTo((1, 1, 1));
    }

    [Test]
    public async Task A_reader_is_behind_while_it_does_not_read_and_is_caught_up_from_the_log()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var slow = await SlowClient.ConnectAsync(server);
        await slow.SendAsync("{\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"t\",\"id\":1}");
        await slow.NextAsync();
        var chunks = Enumerable.Range(0, 1_000).Select(_ => Wire.Chunk(new string('x', 500))).ToArray();
        var sent = 0;
        do
        {
            await producer.IngestAsync("t", chunks);
            sent += chunks.Length;
        }
        while ((await MetricsText.ScrapeAsync(server))["tinyvex_readers_behind"] == 0);

        while ((await slow.NextAsync()).Number("seq") < sent)
        {
        }

        var page = await MetricsText.ScrapeAsync(server);
        await Assert.That((page["tinyvex_readers_behind"], page["tinyvex_subscriptions"])).IsEqualTo((0, 1));
        await Assert.That(page["tinyvex_log_reads_total{source=\"read\"}"]).IsGreaterThan(0);
        await Assert.That(page["tinyvex_chunks_merged_total"]).IsBetween(1, sent);
    }

    [Test]
    public async Task It_is_shown_while_the_store_takes_no_writes()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t", Wire.Chunk("x"));
        await Assert.That((await MetricsText.ScrapeAsync(server))["tinyvex_store_writable"]).IsEqualTo(1);
        using (var other = OriginalFile.Open(folder["t.db"], SqliteOpenMode.ReadWrite))
        {
            OriginalFile.Execute(other, "BEGIN EXCLUSIVE");
            await Assert.That(await client.RefusedAsync(Wire.Ingest("t", Wire.Chunk("never")))).IsEqualTo("store_error");

            var page = await MetricsText.ScrapeAsync(server);
            await Assert.That((page["tinyvex_store_writable"], page["tinyvex_writes_refused_total{code=\"store_error\"}"])).IsEqualTo((0, 1));
            await Assert.That(page["tinyvex_rollbacks_total"]).IsGreaterThan(0);
            await Assert.That((await client.RowsAsync("server.info"))[0].Text("trouble")).StartsWith("the database is locked");
        }

        await MetricsText.UntilAsync(server.Url, server.Token, "tinyvex_store_writable", value => value == 1);
    }

    [Test]
    public async Task Looking_at_it_all_the_time_disturbs_no_flood()
    {
        const int updates = 5_000;
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var reader = await TestClient.ConnectAsync(server);
        await reader.SubscribeAsync("messages", "t");
        using var flooding = new CancellationTokenSource();
        var scrapers = Enumerable.Range(0, 3).Select(_ => ScrapeAsync()).ToList();

        var acks = Enumerable.Range(0, updates).Select(i => producer.AckedAsync(Wire.Ingest("t", Wire.Chunk($"{i} ")))).ToList();
        await Task.WhenAll(acks);
        var text = "";
        JsonElement frame;
        do
        {
            frame = await reader.NextAsync();
            text += frame.Text("append");
        }
        while (frame.Number("seq") < updates);
        await flooding.CancelAsync();

        await Assert.That(text == string.Concat(Enumerable.Range(0, updates).Select(i => $"{i} "))).IsTrue();
        foreach (var scraper in scrapers) await Assert.That(await scraper).IsGreaterThan(0);
        var page = await MetricsText.ScrapeAsync(server);
        await Assert.That(page["tinyvex_commit_commands_sum"] - 1).IsEqualTo(updates).Because("the start has one of its own");

        async Task<int> ScrapeAsync()
        {
            var (pages, before) = (0, await MetricsText.ScrapeAsync(server));
            while (!flooding.IsCancellationRequested)
            {
                var page = await MetricsText.ScrapeAsync(server);
                foreach (var counter in page.Samples.Where(sample => sample.Contains("_total", StringComparison.Ordinal)))
                {
                    if (page[counter] < before[counter]) throw new InvalidOperationException($"{counter} fell from {before[counter]} to {page[counter]}");
                }

                (pages, before) = (pages + 1, page);
            }

            return pages;
        }
    }
}
