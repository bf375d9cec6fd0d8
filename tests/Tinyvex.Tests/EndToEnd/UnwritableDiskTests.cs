using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Disks that are full or read-only.</summary>
public class UnwritableDiskTests
{
    [Test]
    public async Task A_new_database_on_a_read_only_disk()
    {
        using var disk = new TestMount(1024);
        disk.MakeReadOnly();
        await RefusedAsync(disk, "read-only");
    }

    [Test]
    public async Task A_database_on_a_disk_that_became_read_only()
    {
        using var disk = new TestMount(1024);
        await ServeOnceAsync(disk);
        disk.MakeReadOnly();
        await RefusedAsync(disk, "read-only");
        disk.MakeWritable();
        await ServeOnceAsync(disk);
    }

    [Test]
    public async Task A_crashed_database_on_a_disk_that_became_read_only()
    {
        using var disk = new TestMount(1024);
        OriginalFile.MakeCrashed(disk["t.db"]);
        disk.MakeReadOnly();
        await RefusedAsync(disk, "read-only");
    }

    [Test]
    [Arguments(0)]
    [Arguments(8 * 1024)]
    [Arguments(32 * 1024)]
    [Arguments(64 * 1024)]
    public async Task A_new_database_on_a_full_disk(int left)
    {
        using var disk = new TestMount(1024);
        disk.Fill(but: left);
        await RefusedAsync(disk, "the disk is full");
    }

    [Test]
    [Arguments(0)]
    [Arguments(8 * 1024)]
    [Arguments(36 * 1024)]
    public async Task A_healthy_database_on_a_full_disk(int left)
    {
        using var disk = new TestMount(1024);
        await ServeOnceAsync(disk);
        disk.Fill(but: left);
        await RefusedAsync(disk, "the disk is full");
        disk.Empty();
        await ServeOnceAsync(disk);
    }

    [Test]
    [Arguments(false, 16)]
    [Arguments(false, 150)]
    [Arguments(false, 250)]
    [Arguments(true, 16)]
    [Arguments(true, 150)]
    [Arguments(true, 250)]
    public async Task The_upgrade_of_an_original_on_a_full_disk_is_rolled_back(bool wal, int kilobytesLeft)
    {
        using var disk = new TestMount(2048);
        OriginalFile.Make(disk["t.db"], wal: wal);
        using (var connection = OriginalFile.Open(disk["t.db"]))
        {
            OriginalFile.Execute(connection, """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
                INSERT INTO messages(threadId, kind, text, ts, createdAt) SELECT 'big', 'message', hex(zeroblob(1000)), i, i FROM n
                """);
        }

        var dump = OriginalFile.Dump(disk["t.db"]);
        disk.Fill(but: kilobytesLeft * 1024);

        await RefusedAsync(disk, "the disk is full");
        disk.Empty();

        await Assert.That(OriginalFile.Dump(disk["t.db"])).IsEqualTo(dump);
    }

    private static async Task RefusedAsync(TestMount disk, string says)
    {
        var before = FolderState.Of(disk.Path);
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["serve", "--db", disk["t.db"], "--port", "0", "--exit-with-stdin"]);
        await Assert.That(errors).Contains($"tinyvex: {disk["t.db"]}");
        await Assert.That(errors).Contains(says);
        await Assert.That(exitCode).IsEqualTo(4);
        await Assert.That(output).IsEqualTo("");
        await Assert.That(FolderState.Of(disk.Path)).IsEqualTo(before);
    }

    private static async Task ServeOnceAsync(TestMount disk)
    {
        await using var server = await ServerProcess.StartAsync(disk["t.db"]);
        await Assert.That(await server.StopAsync()).IsEqualTo(0);
    }
}
