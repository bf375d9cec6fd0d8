using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What goes on while the store takes no writes, and that all is well again once the cause is gone.</summary>
public class StoreTroubleTests
{
    /// <summary>Says something, waits for the file "go", says a lot, and ends.</summary>
    private const string SaysALot = """
        prompt = async () => {
          say('begin ');
          while (!fs.existsSync(process.env.FOLDER + '/go')) await sleep(20);
          for (let i = 0; i < 400; i++) say(String(i).padStart(10_000) + ' ');
          say('end');
        };
        """;

    private static readonly string AllOfIt = "begin " + string.Concat(Enumerable.Range(0, 400).Select(i => $"{i,10000} ")) + "end";

    [Test]
    public async Task A_run_on_a_disk_that_is_full_for_a_while_ends_with_all_that_its_agent_said()
    {
        using var disk = new TestMount(64 * 1024);
        var folder = new TempFolder();
        await using var stage = await AgentStage.StartAsync(folder, AgentScript.Write(folder, SaysALot), database: disk["t.db"]);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "begin ");
        disk.Fill(but: 256 * 1024);
        File.WriteAllText(folder["go"], "");

        await HealthAsync(stage.Server, 503, "the disk is full: free some space");
        await Assert.That((await stage.Client.RequestAsync(Wire.Ingest("other", Wire.Chunk(new string('x', 500_000))))).Text("message"))
            .IsEqualTo("the disk is full: free some space; then send it again");
        // Reading goes on, and the run is neither lost nor ended.
        await Assert.That((await stage.StateAsync(runId, "running")).Text("status")).IsEqualTo("running");
        await Assert.That((await stage.RowsAsync("messages.list", threadId))[^1].Text("text")).StartsWith("begin ");

        disk.Empty();
        await HealthAsync(stage.Server, 200);
        await Assert.That((await stage.EndAsync(runId)).Text("status")).IsEqualTo("completed");
        var message = (await stage.RowsAsync("messages.list", threadId))[^1];
        await Assert.That(message.GetProperty("partial").GetBoolean()).IsFalse();
        var whole = await stage.Client.QueryAsync("messages.get", $"\"threadId\":\"{threadId}\",\"itemId\":{Wire.Quote(message.Text("itemId"))}");
        await Assert.That(whole.GetProperty("rows")[0].Text("text") == AllOfIt).IsTrue();
        await stage.Server.StopAsync();
        await Assert.That(OriginalFile.Select(disk["t.db"], "PRAGMA integrity_check")).IsEqualTo("ok");
    }

    [Test]
    public async Task A_server_stops_in_time_though_the_store_takes_nothing_of_a_run()
    {
        using var disk = new TestMount(4 * 1024);
        var folder = new TempFolder();
        await using var stage = await AgentStage.StartAsync(folder, AgentScript.Write(folder, SaysALot), database: disk["t.db"]);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "begin ");
        disk.Fill();
        File.WriteAllText(folder["go"], "");
        await HealthAsync(stage.Server, 503);

        await Assert.That(await stage.Server.StopAsync()).IsEqualTo(0);
        await Assert.That(stage.Alive()).IsEmpty();
        disk.Empty();
        await stage.StartServerAsync();
        await Assert.That((await stage.RowsAsync("runs.list"))[0].Text("status")).IsEqualTo("failed");
    }

    [Test]
    public async Task A_cancel_reaches_the_agent_though_it_cannot_be_stored()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { say('begin'); await cancelled; fs.writeFileSync(process.env.FOLDER + '/told', ''); return 'cancelled'; };");
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "begin");
        using (Lock(stage.Database))
        {
            await Assert.That(await stage.Client.RefusedAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"")).IsEqualTo("store_error");
            await Deadline.UntilAsync(() => File.Exists(stage.Folder["told"]), "the agent is told");
        }

        await Assert.That((await stage.EndAsync(runId)).Text("status")).IsEqualTo("cancelled");
    }

    [Test]
    public async Task A_database_that_another_program_has_locked()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t", Wire.Chunk("before "));
        using (Lock(folder["t.db"]))
        {
            // Several at once, from connections that share the server's threads: all are answered in about the time of one.
            await using var other = await TestClient.ConnectAsync(server);
            var refused = Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? client : other).RefusedAsync(Wire.Ingest("t", Wire.Chunk("never")))).ToList();
            await Assert.That((await client.RowsAsync("messages.list", "t"))[0].Text("text")).IsEqualTo("before ");
            foreach (var code in await Task.WhenAll(refused)) await Assert.That(code).IsEqualTo("store_error");
            await HealthAsync(server, 503, "the database is locked by another program: close that program");
            await Assert.That((await client.RowsAsync("messages.list", "t"))[0].Text("text")).IsEqualTo("before ");
        }

        await HealthAsync(server, 200);
        await client.IngestAsync("t", Wire.Chunk("after"));
        await Assert.That((await client.RowsAsync("messages.list", "t"))[0].Text("text")).IsEqualTo("before after");
    }

    [Test]
    [Arguments("t.db")]
    [Arguments("t.db-wal")]
    [Arguments("t.db-shm")]
    public async Task A_file_that_is_moved_away_and_put_back(string name)
    {
        SkipOnWindows();
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t", Wire.Chunk("before "));
        await client.RowsAsync("messages.list", "t");
        File.Move(folder[name], folder["away"]);

        await RefusesButReadsAsync(server, client);
        // Another file of that name changes nothing, and is not touched.
        File.WriteAllText(folder[name], "another");
        await RefusesButReadsAsync(server, client);
        await Assert.That(File.ReadAllText(folder[name])).IsEqualTo("another");

        File.Move(folder["away"], folder[name], overwrite: true);
        await HealthAsync(server, 200);
        await client.IngestAsync("t", Wire.Chunk("after"));
        await Assert.That((await client.RowsAsync("messages.list", "t"))[0].Text("text")).IsEqualTo("before after");
        await server.StopAsync();
        await Assert.That(OriginalFile.Select(folder["t.db"], "SELECT text FROM messages")).IsEqualTo("before after");
    }

    [Test]
    public async Task A_database_that_is_put_in_the_place_of_the_open_one_stays_as_it_is()
    {
        SkipOnWindows();
        using var folder = new TempFolder();
        await using (var first = await ServerProcess.StartAsync(folder["new.db"])) await first.StopAsync();
        var before = await File.ReadAllBytesAsync(folder["new.db"]);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t", Wire.Chunk("before "));
        await client.RowsAsync("messages.list", "t");
        File.Move(folder["new.db"], folder["t.db"], overwrite: true);

        await RefusesButReadsAsync(server, client);
        // Neither reads of many at once nor the end of the server open the new one, or bring the old one's WAL into it.
        var reads = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await using var reader = await TestClient.ConnectAsync(server);
            return (await reader.RowsAsync("messages.list", "t"))[0].Text("text");
        }));
        await Assert.That(reads.Distinct().Single()).IsEqualTo("before ");
        await server.StopAsync();
        await Assert.That(await File.ReadAllBytesAsync(folder["t.db"])).IsEquivalentTo(before);
    }

    [Test]
    public async Task A_WAL_that_was_removed_is_brought_into_the_database_at_the_end()
    {
        SkipOnWindows();
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t", Wire.Chunk("kept"));
        await client.RowsAsync("messages.list", "t");
        File.Delete(folder["t.db-wal"]);
        await RefusesButReadsAsync(server, client, "kept");
        await server.StopAsync();
        await using var next = await ServerProcess.StartAsync(folder["t.db"]);
        await using var again = await TestClient.ConnectAsync(next);
        await Assert.That((await again.RowsAsync("messages.list", "t"))[0].Text("text")).IsEqualTo("kept");
    }

    [Test]
    public async Task A_file_that_may_not_grow_any_more()
    {
        SkipOnWindows();
        using var folder = new TempFolder();
        // In blocks of 512 or 1024 bytes, as the shell has it. A build that is compiled as it runs keeps what it compiles in a larger file otherwise.
        await using var server = await ServerProcess.StartAsync(
            folder["t.db"], environment: new Dictionary<string, string?> { ["DOTNET_EnableWriteXorExecute"] = "0" }, shell: "ulimit -f 512");
        await using var client = await TestClient.ConnectAsync(server);
        var acked = 0;
        JsonElement reply;
        do
        {
            reply = await client.RequestAsync(Wire.Ingest("t", Wire.Chunk(new string('x', 10_000))));
            if (reply.Text("type") == "tinyvex.ack") acked++;
        }
        while (reply.Text("type") == "tinyvex.ack");

        await Assert.That(reply.Text("code")).IsEqualTo("store_error");
        await Assert.That(reply.Text("message")).IsEqualTo("the disk failed (SQLite 778): look at the disk, and at limits on the size of files; then send it again");
        await Assert.That((await client.RowsAsync("messages.list", "t"))[0].Number("seq")).IsEqualTo(acked);
        await HealthAsync(server, 503, "the disk failed");
        await server.KillAsync();
        await using var next = await ServerProcess.StartAsync(folder["t.db"]);
        await using var again = await TestClient.ConnectAsync(next);
        await Assert.That((await again.RowsAsync("messages.list", "t"))[0].Number("seq")).IsEqualTo(acked);
    }

    [Test]
    [Arguments("normal")]
    [Arguments("full")]
    public async Task How_durable_an_ack_is_can_be_asked(string durability)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--durability", durability]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t", Wire.Chunk("x"));
        await Assert.That((await client.RowsAsync("server.info"))[0].Text("durability")).IsEqualTo(durability);
    }

    private static async Task RefusesButReadsAsync(ServerProcess server, TestClient client, string text = "before ")
    {
        // Known without a write.
        await HealthAsync(server, 503, "the database file, or its -wal or -shm file, was moved, removed or replaced");
        await Assert.That(await client.RefusedAsync(Wire.Ingest("t", Wire.Chunk("never")))).IsEqualTo("store_error");
        await Assert.That((await client.RowsAsync("messages.list", "t"))[0].Text("text")).IsEqualTo(text);
    }

    /// <summary>Locks a database for writing until it is disposed.</summary>
    private static SqliteConnection Lock(string path)
    {
        var connection = OriginalFile.Open(path, SqliteOpenMode.ReadWrite);
        OriginalFile.Execute(connection, "BEGIN EXCLUSIVE");
        return connection;
    }

    /// <summary>Waits for a state of health; nothing is written meanwhile.</summary>
    private static async Task HealthAsync(ServerProcess server, int status, string reason = "")
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        RawHttp answer;
        do
        {
            answer = await RawHttp.GetAsync(server, "/healthz");
            Held.Health(JsonElement.Parse(answer.Body));
            if (answer.Status == status && answer.Body.Contains(reason, StringComparison.Ordinal)) return;
            await Task.Delay(20);
        }
        while (watch.Elapsed < Deadline.Long);
        throw new TimeoutException($"not {status} {reason}: {answer.Status} {answer.Body}\n{server.Errors}");
    }

    private static void SkipOnWindows()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("Windows lets nobody remove a file that SQLite has open, and has no limit on a file's size");
    }
}
