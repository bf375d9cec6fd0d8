using Tinyvex.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storage;

/// <summary>How the database is opened: pragmas, pool, schema, permissions.</summary>
public class StoreTests
{
    public StoreTests() => SQLitePCL.Batteries_V2.Init();

    [Test]
    public async Task Every_connection_has_its_pragmas()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        using var together = new Barrier(ReaderPool.Size);

        // All readers at once, so that each of the pool is seen.
        var readers = await Task.WhenAll(Enumerable.Range(0, ReaderPool.Size).Select(_ => Task.Factory.StartNew(
            () => store.Readers.ReadAsync(
                connection =>
                {
                    together.SignalAndWait(Deadline.Token());
                    return (connection, Pragmas: Pragmas(connection), ReadOnly: connection.Scalar("PRAGMA query_only"));
                },
                CancellationToken.None).AsTask(),
            TaskCreationOptions.LongRunning).Unwrap()));

        await Assert.That(readers.Select(reader => reader.connection).Distinct().Count()).IsEqualTo(ReaderPool.Size);
        foreach (var reader in readers)
        {
            await Assert.That(reader.Pragmas).IsEqualTo("wal 1 5000");
            await Assert.That(reader.ReadOnly).IsEqualTo(1);
        }

        await Assert.That(Pragmas(store.Writer)).IsEqualTo("wal 1 5000");
        store.Writer.Dispose();
    }

    [Test]
    public async Task A_reader_cannot_write()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        await Assert.That(async () => await store.Readers.ReadAsync(
            connection =>
            {
                connection.Get("DELETE FROM threads").Run();
                return 0;
            },
            CancellationToken.None)).Throws<StoreFailure>();
        store.Writer.Dispose();
    }

    [Test]
    public async Task A_read_that_fails_half_way_holds_nothing_up()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        const string twoRows = "SELECT 1 UNION ALL SELECT 2";
        await Assert.That(async () => await store.Readers.ReadAsync<int>(
            connection =>
            {
                connection.Get(twoRows).Step();
                throw new FormatException("a row that cannot be read");
            },
            CancellationToken.None)).Throws<FormatException>();

        var first = await store.Readers.ReadAsync(
            connection =>
            {
                var row = connection.Get(twoRows);
                row.Step();
                var value = row.Int64(0);
                row.Reset();
                return value;
            },
            CancellationToken.None);

        await Assert.That(first).IsEqualTo(1);
        store.Writer.Dispose();
    }

    [Test]
    public async Task A_read_sees_one_moment()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        var (before, after) = await store.Readers.ReadAsync(
            connection =>
            {
                var first = connection.Scalar("SELECT count(*) FROM tombstones");
                store.Writer.Execute("INSERT INTO tombstones VALUES ('t', 1, 1)");
                return (first, connection.Scalar("SELECT count(*) FROM tombstones"));
            },
            CancellationToken.None);
        await Assert.That((before, after)).IsEqualTo((0L, 0L));
        store.Writer.Dispose();
    }

    [Test]
    public async Task Every_opening_begins_an_epoch_of_the_same_store()
    {
        using var folder = new TempFolder();
        var identities = new List<StoreIdentity>();
        for (var i = 0; i < 3; i++)
        {
            await using var store = Store.Open(folder["t.db"], TimeProvider.System);
            identities.Add(store.Identity);
            store.Writer.Dispose();
        }

        await Assert.That(identities.Select(identity => identity.StoreId).Distinct().Count()).IsEqualTo(1);
        await Assert.That(identities.Select(identity => identity.Epoch).Distinct().Count()).IsEqualTo(3);
        await Assert.That(OriginalFile.Select(folder["t.db"], "SELECT count(*) FROM epochs")).IsEqualTo("3");
    }

    [Test]
    public async Task All_tables_are_there_and_strict()
    {
        using var folder = new TempFolder();
        await using (var store = Store.Open(folder["t.db"], TimeProvider.System)) store.Writer.Dispose();
        await Assert.That(OriginalFile.Select(folder["t.db"], "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict ORDER BY name").Split('\n'))
            .IsEquivalentTo((string[])[
                "acp_events", "acp_plan", "acp_state", "acp_tool_calls", "elicitations", "epochs", "idempotency_keys", "messages", "permissions", "purges", "runs", "store",
                "terminal_output", "terminals", "threads", "tombstones"]);
        await Assert.That(OriginalFile.Select(folder["t.db"], "PRAGMA user_version")).IsEqualTo(Schema.Version.ToString());
    }

    [Test]
    public async Task Files_are_their_owners_alone()
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["t.db"]);
        Permissions.LetEverybodyIn(folder["t.db"]);
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        foreach (var file in (string[])[folder["t.db"], folder["t.db-wal"], folder["t.db-shm"], store.Backup!])
        {
            await Assert.That(Permissions.Of(file)).IsEqualTo("600").Because(file);
        }

        store.Writer.Dispose();
    }

    [Test]
    [Arguments("""call_1""", "call_1")]
    [Arguments("""a\"b\\c""", "a\"b\\c")]
    [Arguments("\\\\\\\"", "\\\"")]
    [Arguments("""\\n\n\t\r\0\'""", "\\n\n\t\r\0'")]
    [Arguments("""\u{1f600}\u{e9}""", "😀é")]
    [Arguments("""\u{zz}\x\""", """\u{zz}\x\""")]
    public async Task Rusts_debug_form_is_undone(string quoted, string text) => await Assert.That(RustDebug.Unwrap(quoted)).IsEqualTo(text);

    private static string Pragmas(StoreConnection connection)
    {
        var mode = connection.Get("PRAGMA journal_mode");
        mode.Step();
        var journal = mode.Text(0);
        mode.Reset();
        return $"{journal} {connection.Scalar("PRAGMA synchronous")} {connection.Scalar("PRAGMA busy_timeout")}";
    }
}
