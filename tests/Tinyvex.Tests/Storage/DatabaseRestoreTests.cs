using Tinyvex.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storage;

/// <summary>What becomes of the old files when a backup takes the place of a database.</summary>
public class DatabaseRestoreTests
{
    private static async Task<string> MakeAsync(string path, string table)
    {
        SQLitePCL.Batteries_V2.Init();
        using (var store = Store.Open(path, TimeProvider.System).Writer) store.Execute($"CREATE TABLE {table}(x)");
        await Assert.That(File.Exists(path + "-wal")).IsFalse();
        return path;
    }

    private static string Tables(string path) => OriginalFile.Select(path, "SELECT group_concat(name) FROM sqlite_master WHERE name IN ('old', 'new', 'later')");

    [Test]
    public async Task A_WAL_without_its_database_is_not_read_with_the_new_file()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["b"], "new");
        await MakeCrashedAsync(folder);
        File.Delete(folder["t.db"]);

        var kept = DatabaseRestore.Put(folder["b"], folder["t.db"], TimeProvider.System, null, CancellationToken.None);

        await Assert.That(kept).IsNull();
        await Assert.That(File.Exists(folder["t.db-wal"])).IsFalse();
        await Assert.That(Tables(folder["t.db"])).IsEqualTo("new");
    }

    [Test]
    public async Task What_a_crash_left_in_the_WAL_is_kept_with_the_old_file()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["b"], "new");
        await MakeCrashedAsync(folder);

        var kept = DatabaseRestore.Put(folder["b"], folder["t.db"], TimeProvider.System, null, CancellationToken.None);

        await Assert.That(Tables(kept!)).IsEqualTo("old,later");
        await Assert.That(Tables(folder["t.db"])).IsEqualTo("new");
        await Assert.That(Directory.GetFiles(folder.Path, "t.db*").Length).IsEqualTo(2);
    }

    [Test]
    public async Task A_damaged_database_is_kept_as_it_is_with_all_that_lies_beside_it()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["b"], "new");
        await MakeCrashedAsync(folder);
        var wal = await File.ReadAllBytesAsync(folder["t.db-wal"]);
        await File.WriteAllBytesAsync(folder["t.db"], [.. "SQLite format 3\0"u8, .. new byte[10_000]]);
        // A WAL that is whole would mend it.
        wal.AsSpan(32).Clear();
        await File.WriteAllBytesAsync(folder["t.db-wal"], wal);
        var old = await File.ReadAllBytesAsync(folder["t.db"]);

        var kept = DatabaseRestore.Put(folder["b"], folder["t.db"], TimeProvider.System, null, CancellationToken.None);

        await Assert.That((await File.ReadAllBytesAsync(kept!)).SequenceEqual(old)).IsTrue();
        await Assert.That(Tables(folder["t.db"])).IsEqualTo("new");
        await Assert.That(File.Exists(folder["t.db-wal"])).IsFalse();
    }

    [Test]
    public async Task A_copy_that_is_interrupted_leaves_nothing_and_changes_nothing()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["b"], "new");
        await MakeAsync(folder["t.db"], "old");
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Assert.That(() => { DatabaseRestore.Put(folder["b"], folder["t.db"], TimeProvider.System, null, cancel.Token); }).Throws<OperationCanceledException>();

        await Assert.That(Tables(folder["t.db"])).IsEqualTo("old");
        await Assert.That(Directory.GetFiles(folder.Path).Length).IsEqualTo(2);
    }

    [Test]
    public async Task What_a_killed_restore_left_is_in_nobody_s_way()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["b"], "new");
        await File.WriteAllTextAsync(folder["t.db.restoring"], "half");

        DatabaseRestore.Put(folder["b"], folder["t.db"], TimeProvider.System, null, CancellationToken.None);

        await Assert.That(Tables(folder["t.db"])).IsEqualTo("new");
        await Assert.That(File.Exists(folder["t.db.restoring"])).IsFalse();
    }

    /// <summary>A database whose last change stands in its WAL alone.</summary>
    private static async Task MakeCrashedAsync(TempFolder folder)
    {
        await MakeAsync(folder["live"], "old");
        using var connection = StoreConnection.OpenWriter(folder["live"]);
        connection.Execute("CREATE TABLE later(x)");
        foreach (var ending in (string[])["", "-wal"]) File.Copy(folder["live" + ending], folder["t.db" + ending]);
    }
}
