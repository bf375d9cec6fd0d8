using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storage;

/// <summary>When and by whom what is in the WAL is moved into the database file.</summary>
public class CheckpointerTests
{
    private const int PageBytes = 4_096;

    public CheckpointerTests() => SQLitePCL.Batteries_V2.Init();

    [Test]
    public async Task The_WAL_is_moved_beside_the_writer()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        await using (new Checkpointer(store.Files, store.Writer, NullLogger.Instance, pages: 20))
        {
            // The writer waits in here for no checkpoint, and SQLite makes none of its own.
            Write(store, pages: 100);
            await Deadline.UntilAsync(() => new FileInfo(store.Path).Length > 100 * PageBytes, "the pages are in the file");
        }

        store.Writer.Dispose();
    }

    [Test]
    public async Task Beyond_its_bound_the_writer_moves_it_and_begins_anew()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        await using (new Checkpointer(store.Files, store.Writer, NullLogger.Instance, pages: 50, mostPages: 50))
        {
            for (var i = 0; i < 100; i++) Write(store, pages: 10);

            // Ten pages of rows and those of three trees above them in each commit: without the bound they would be over two thousand.
            await Assert.That(new FileInfo(store.Path + "-wal").Length).IsLessThan(2 * 50 * (PageBytes + 24));
        }

        store.Writer.Dispose();
    }

    [Test]
    public async Task The_next_one_waits_until_the_WAL_has_grown_by_as_much_again()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        var log = new LastLog();
        // Each of these fails, so that the WAL only grows; and each is told, so that they can be counted.
        await using (new Checkpointer(new StoreFiles(folder["no-folder/t.db"]), store.Writer, log, pages: 200))
        {
            Write(store, pages: 200);
            await Deadline.UntilAsync(() => log.Count == 1, "the first one was made");
            for (var i = 0; i < 15; i++) Write(store, pages: 1);
        }

        // The end waits for one that runs.
        await Assert.That(log.Count).IsEqualTo(1);
        await using (new Checkpointer(new StoreFiles(folder["no-folder/t.db"]), store.Writer, log, pages: 200))
        {
            Write(store, pages: 1);
            await Deadline.UntilAsync(() => log.Count == 2, "the next one was made");
            Write(store, pages: 200);
            await Deadline.UntilAsync(() => log.Count == 3, "it had grown by as much again");
        }

        store.Writer.Dispose();
    }

    [Test]
    public async Task A_checkpoint_that_fails_is_told_and_fails_no_commit()
    {
        using var folder = new TempFolder();
        await using var store = Store.Open(folder["t.db"], TimeProvider.System);
        var log = new LastLog();
        await using (new Checkpointer(new StoreFiles(folder["no-folder/t.db"]), store.Writer, log, pages: 1))
        {
            Write(store, pages: 1);
            await Deadline.UntilAsync(() => log.Message is not null, "the failure is told");
        }

        await Assert.That(log.Message!).Contains("tried again");
        await Assert.That(store.Writer.Scalar("SELECT count(*) FROM threads")).IsEqualTo(1);
        store.Writer.Dispose();
    }

    private static void Write(Store store, int pages)
    {
        store.Writer.Execute($"""
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {pages})
            INSERT INTO threads(id, title, createdAt, updatedAt) SELECT hex(randomblob(16)), hex(randomblob(1900)), 1, 1 FROM n;
            COMMIT
            """);
    }

    private sealed class LastLog : Microsoft.Extensions.Logging.ILogger
    {
        public string? Message { get; private set; }

        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Message = formatter(state, exception);
            Count++;
        }
    }
}
