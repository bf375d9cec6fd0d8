using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// Moves what was committed from the WAL into the database file, beside the writer and not in one of its commits as SQLite does by
/// default: the commit that meets the thousandth page would pay for all of them, two syncs included.
/// </summary>
/// <remarks>
/// A checkpoint beside a writer may never see the end of the WAL, which then is not begun anew and grows. So beyond a second size
/// the writer does the rest itself (https://sqlite.org/wal.html, "Avoiding Excessively Large WAL Files").
/// </remarks>
internal sealed partial class Checkpointer : IAsyncDisposable
{
    /// <summary>Pages of the WAL at which it is moved: SQLite's own default, 4 MB.</summary>
    public const int Pages = 1_000;

    /// <summary>Pages at which the writer waits for it: bounds the WAL, to 64 MB and the one commit more that meets it.</summary>
    public const int MostPages = 16_000;

    private readonly StoreFiles _files;
    private readonly ILogger _logger;
    private readonly int _pages;
    private readonly int _mostPages;
    private readonly StoreConnection _writer;
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private int _begunAt;
    private bool _disposed;
    private long _commits;

    /// <param name="writer">Its commits are watched from here on.</param>
    public Checkpointer(StoreFiles files, StoreConnection writer, ILogger logger, int pages = Pages, int mostPages = MostPages)
    {
        _files = files;
        _logger = logger;
        _pages = pages;
        _mostPages = mostPages;
        _writer = writer;
        writer.WatchCommits(Committed);
    }

    private void Committed(int pages)
    {
        Volatile.Write(ref _commits, _commits + 1);
        if (pages >= _mostPages)
        {
            // The one beside would be in the way of ours. It takes milliseconds, never fails, and none is begun but within a commit.
            _running.Wait();
            Report(Checkpoint(_writer));
            return;
        }

        // Begun anew, or grown by as much again: a checkpoint that the writer has run ahead of is not worth another at every commit.
        if (pages < _begunAt) _begunAt = 0;
        if (pages < _begunAt + _pages) return;
        lock (_lock)
        {
            if (_disposed || !_running.IsCompleted) return;
            _begunAt = pages;
            _running = Task.Run(Run);
        }
    }

    /// <summary>
    /// Moves all of the WAL and empties its file, which otherwise keeps what it held until that is written over. Answers false where readers or the
    /// writer were in the way.
    /// </summary>
    /// <param name="evenIfBusy">Also while the writer writes, who then waits until the disk has the last of it.</param>
    public async Task<bool> TryEmptyAsync(bool evenIfBusy = false)
    {
        Task<bool> emptying;
        lock (_lock)
        {
            if (_disposed || !_running.IsCompleted) return false;
            _running = emptying = Task.Run(() => TryEmpty(evenIfBusy));
        }

        return await emptying;
    }

    private bool TryEmpty(bool evenIfBusy)
    {
        try
        {
            _files.Check();
            using var connection = StoreConnection.OpenForCheckpoints(_files.Path);
            // All of it beside the writer: where it has written nothing meanwhile, there is nothing left for which it would have to wait.
            var commits = Volatile.Read(ref _commits);
            Report(Checkpoint(connection));
            if (!evenIfBusy && Volatile.Read(ref _commits) != commits) return false;
            connection.WaitForLocks(TimeSpan.Zero);
            var code = Checkpoint(connection, raw.SQLITE_CHECKPOINT_TRUNCATE);
            Report(code);
            return code == raw.SQLITE_OK;
        }
        catch (Exception exception)
        {
            LogFailed(exception.Message);
            return false;
        }
    }

    private void Run()
    {
        try
        {
            // A file that took its name is not ours to move a WAL into.
            _files.Check();
            using var connection = StoreConnection.OpenForCheckpoints(_files.Path);
            Report(Checkpoint(connection));
        }
        catch (Exception exception)
        {
            // Whatever it is, the next commits try again; and the writer may wait for this one, from where nothing may be thrown.
            LogFailed(exception.Message);
        }
    }

    private static int Checkpoint(StoreConnection connection, int mode = raw.SQLITE_CHECKPOINT_PASSIVE) =>
        raw.sqlite3_wal_checkpoint_v2(connection.Inner.Handle!, "main", mode, out _, out _);

    private void Report(int code)
    {
        // Busy: the other of the two is at it.
        if (code is not (raw.SQLITE_OK or raw.SQLITE_BUSY)) LogFailed(raw.sqlite3_errstr(code).utf8_to_string());
    }

    /// <summary>Waits for a checkpoint that runs. Before the writing connection is closed, which moves the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_lock)
        {
            _disposed = true;
            running = _running;
        }

        await running;
    }

    [LoggerMessage(EventId = LogEvents.CheckpointFailed, Level = LogLevel.Warning, Message = "The WAL could not be moved into the database ({Why}); it is tried again after the next commits")]
    private partial void LogFailed(string why);
}
