using System.Text.Json;
using Tinyvex.Hosting;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>A copy of the database while it is written, and the way back.</summary>
public class BackupTests
{
    [Test]
    public async Task A_backup_in_a_flood_is_of_one_moment_and_holds_up_nobody()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var pad = new string('x', 20_000);
        for (var i = 0; i < 400; i++) await client.IngestAsync("ballast", Wire.Chunk(pad));
        using var end = new CancellationTokenSource();
        var acked = new int[4];
        var flood = Enumerable.Range(0, acked.Length).Select(async thread =>
        {
            await using var producer = await TestClient.ConnectAsync(server);
            while (!end.IsCancellationRequested)
            {
                await producer.IngestAsync($"t{thread}", Wire.Chunk($"{acked[thread]} "));
                acked[thread]++;
            }
        }).ToArray();
        await Deadline.UntilAsync(() => acked.All(count => count > 10), "the flood flows");

        var before = acked.ToArray();
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["backup", folder["b.db"], "--db", folder["t.db"], "--json"]);
        var after = acked.ToArray();
        await end.CancelAsync();
        await Task.WhenAll(flood);

        await Assert.That(exitCode).IsEqualTo(0).Because(errors);
        await Assert.That(JsonDocument.Parse(output).RootElement.Number("bytes")).IsEqualTo(new FileInfo(folder["b.db"]).Length);
        await Assert.That(after.Zip(before).All(pair => pair.First > pair.Second + 10)).IsTrue();
        await Assert.That(Permissions.Of(folder["b.db"])).IsEqualTo("600");
        await Assert.That(Directory.GetFiles(folder.Path, "b.db*").Length).IsEqualTo(1);
        await Assert.That(OriginalFile.Select(folder["b.db"], "PRAGMA integrity_check")).IsEqualTo("ok");
        await Assert.That(OriginalFile.Select(folder["b.db"], "SELECT count(*) = max(id) AND min(id) = 1 FROM acp_events")).IsEqualTo("1");

        await using var restored = await ServerProcess.StartAsync(folder["b.db"]);
        await using var reader = await TestClient.ConnectAsync(restored);
        for (var thread = 0; thread < acked.Length; thread++)
        {
            var rows = await reader.RowsAsync("messages.list", $"t{thread}");
            var whole = string.Concat(Enumerable.Range(0, acked[thread]).Select(i => $"{i} "));
            await Assert.That(whole.StartsWith(rows[0].Text("text"), StringComparison.Ordinal)).IsTrue();
            // What was acked before the copy began is in it.
            await Assert.That(rows[0].Number("seq")).IsBetween(before[thread], after[thread] + 1);
        }
    }

    [Test]
    public async Task A_client_that_comes_back_after_a_restore_gets_the_history_of_the_backup_anew()
    {
        using var folder = new TempFolder();
        string cursor;
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(server);
            await client.IngestAsync("t1", Wire.Chunk("In the backup."));
            await Assert.That((await ServerProcess.RunAsync(["backup", folder["b"], "--db", folder["t.db"]])).ExitCode).IsEqualTo(0);
            await client.SubscribeAsync("messages", "t1");
            await client.IngestAsync("t1", Wire.Chunk(" Behind it."));
            cursor = (await client.NextAsync(frame => frame.Has("append"))).Text("cursor");

            var held = await ServerProcess.RunAsync(["restore", folder["b"], "--db", folder["t.db"]]);
            await Assert.That(held.ExitCode).IsEqualTo(3);
            await Assert.That(held.Errors).Contains("tinyvex stop");
            await Assert.That((await ServerProcess.RunAsync(["stop", "--db", folder["t.db"]])).ExitCode).IsEqualTo(0);
        }

        var restore = await ServerProcess.RunAsync(["restore", folder["b"], "--db", folder["t.db"], "--json"]);
        await Assert.That(restore.ExitCode).IsEqualTo(0).Because(restore.Errors);
        var kept = JsonDocument.Parse(restore.Output).RootElement.Text("kept");
        await Assert.That(OriginalFile.Select(kept, "SELECT text FROM messages")).IsEqualTo("In the backup. Behind it.");
        await Assert.That(Permissions.Of(folder["t.db"])).IsEqualTo("600");

        await using var next = await ServerProcess.StartAsync(folder["t.db"]);
        await using var back = await TestClient.ConnectAsync(next);
        var snapshot = await back.SubscribeAsync("messages", "t1", $",\"since\":\"{cursor}\"");
        await Assert.That(snapshot.GetProperty("reset").GetBoolean()).IsTrue();
        await Assert.That(snapshot.GetProperty("rows").EnumerateArray().Select(row => row.Text("text")).Lines()).IsEqualTo("In the backup.");
    }

    [Test]
    public async Task Without_a_server_what_a_crash_left_in_the_WAL_is_in_the_backup()
    {
        using var folder = new TempFolder();
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(server);
            await client.IngestAsync("t1", Wire.Chunk("acked"));
            await server.KillAsync();
        }

        await Assert.That(new FileInfo(folder["t.db-wal"]).Length).IsGreaterThan(0);
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["backup", folder["b"], "--db", folder["t.db"]]);
        await Assert.That(exitCode).IsEqualTo(0).Because(errors);
        await Assert.That(output).Contains("checked");
        await Assert.That(errors).IsEqualTo("");
        await Assert.That(OriginalFile.Select(folder["b"], "SELECT count(*) FROM acp_events")).IsEqualTo("2");
        await Assert.That(new FileInfo(folder["t.db-wal"]).Length).IsGreaterThan(0);
    }

    [Test]
    public async Task What_is_there_is_not_overwritten_by_accident()
    {
        using var folder = new TempFolder();
        await (await ServerProcess.StartAsync(folder["t.db"])).DisposeAsync();
        await File.WriteAllTextAsync(folder["b"], "mine");
        File.CreateSymbolicLink(folder["link"], folder["t.db"]);

        async Task<(int ExitCode, string Errors)> BackupAsync(params string[] arguments)
        {
            var (exitCode, _, errors) = await ServerProcess.RunAsync(["backup", .. arguments, "--db", folder["t.db"]]);
            return (exitCode, errors);
        }

        await Assert.That((await BackupAsync(folder["b"])).ExitCode).IsEqualTo(2);
        await Assert.That(await File.ReadAllTextAsync(folder["b"])).IsEqualTo("mine");
        foreach (var itself in (string[])["t.db", "link", "t.db-wal"])
        {
            var (exitCode, errors) = await BackupAsync(folder[itself], "--force");
            await Assert.That(exitCode).IsEqualTo(2);
            await Assert.That(errors).Contains("the database itself");
        }

        await Assert.That((await BackupAsync(folder["nowhere/b"])).ExitCode).IsEqualTo(2);
        await Assert.That((await BackupAsync(folder["b"], "--force")).ExitCode).IsEqualTo(0);
        await Assert.That(OriginalFile.Select(folder["b"], "PRAGMA integrity_check")).IsEqualTo("ok");
        await Assert.That((await ServerProcess.RunAsync(["backup", folder["c"], "--db", folder["none.db"]])).ExitCode).IsEqualTo(4);
        await Assert.That(File.Exists(folder["c"])).IsFalse();
    }

    [Test]
    public async Task What_is_no_backup_is_not_put_in_its_place()
    {
        using var folder = new TempFolder();
        await (await ServerProcess.StartAsync(folder["t.db"])).DisposeAsync();
        await ServerProcess.RunAsync(["backup", folder["b"], "--db", folder["t.db"]]);
        var bytes = await File.ReadAllBytesAsync(folder["b"]);
        Array.Clear(bytes, 4096, 8 * 4096);
        await File.WriteAllBytesAsync(folder["damaged"], bytes);
        await File.WriteAllTextAsync(folder["text"], "no database");
        OriginalFile.Execute(OriginalFile.Open(folder["foreign"]), "CREATE TABLE other(x)");
        var before = await File.ReadAllBytesAsync(folder["t.db"]);

        foreach (var (file, code, why) in ((string, int, string)[])[
            ("damaged", 4, "is damaged"), ("text", 4, "is not an SQLite database"), ("foreign", 4, "another program"), ("missing", 2, "There is no file"), ("t.db", 2, "the database itself")])
        {
            var (exitCode, _, errors) = await ServerProcess.RunAsync(["restore", folder[file], "--db", folder["t.db"]]);
            await Assert.That(exitCode).IsEqualTo(code).Because(file + errors);
            await Assert.That(errors).Contains(why).And.DoesNotContain("--db");
        }

        await Assert.That((await File.ReadAllBytesAsync(folder["t.db"])).SequenceEqual(before)).IsTrue();
        await Assert.That(Directory.GetFiles(folder.Path, "t.db*").Where(path => path != InstanceLock.PathOf(folder["t.db"]))).IsEquivalentTo((string[])[folder["t.db"]]);
    }
}
