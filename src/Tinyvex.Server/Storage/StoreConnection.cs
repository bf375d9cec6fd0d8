using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// One SQLite connection with its pragmas and its prepared statements by SQL text. Used by one thread at a time. The number
/// of different texts is a constant of the program, so the cache needs no bound of its own.
/// </summary>
internal sealed class StoreConnection : IDisposable
{
    /// <summary>How long is waited for other programs: they hold a lock for the length of a transaction, which is far shorter.</summary>
    public static readonly TimeSpan LockWait = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    private GCHandle _commitWatcher;
    private FullText? _fullText;
    private TimeSpan _lockWait;

    private StoreConnection(SqliteConnection connection) => _connection = connection;

    /// <summary>How many statements were compiled so far; constant once every kind of request was seen.</summary>
    public long Prepares { get; private set; }

    public SqliteConnection Inner => _connection;

    /// <summary>What searching needs; made at the first search.</summary>
    public FullText FullText => _fullText ??= new FullText(this);

    /// <summary>Rows that were written so far, those of indexes that are tables included.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_connection.Handle!);

    /// <summary>Opens the writing connection. <paramref name="full"/> syncs at every commit, on macOS through the drive's own cache too.</summary>
    public static StoreConnection OpenWriter(string path, bool full = false) => full
        ? Open(path, SqliteOpenMode.ReadWrite, SecureDelete, "PRAGMA synchronous=FULL", "PRAGMA fullfsync=1")
        : Open(path, SqliteOpenMode.ReadWrite, SecureDelete, "PRAGMA synchronous=NORMAL");

    /// <summary>What is removed from a page is overwritten. Pages that are free altogether are not, and leave the file as its end is cut off.</summary>
    private const string SecureDelete = "PRAGMA secure_delete=FAST";

    /// <summary>Opens a connection that moves the WAL, for which the file must be open for writing, and can change no data.</summary>
    public static StoreConnection OpenForCheckpoints(string path) =>
        Open(path, SqliteOpenMode.ReadWrite, "PRAGMA synchronous=NORMAL", "PRAGMA query_only=1");

    public static StoreConnection OpenReader(string path) =>
        Open(path, SqliteOpenMode.ReadOnly, "PRAGMA synchronous=NORMAL", "PRAGMA query_only=1");

    /// <summary>Opens a file that nobody changes meanwhile and that has no WAL: nothing is made beside it.</summary>
    public static StoreConnection OpenUnchanging(string path) =>
        Open($"file:{Uri.EscapeDataString(path)}?immutable=1", SqliteOpenMode.ReadOnly);

    /// <summary>
    /// Opens a file together with its WAL to look at both: in exclusive mode there is no <c>-shm</c>, and the WAL stays as it is.
    /// Does not wait for others who hold the file.
    /// </summary>
    public static StoreConnection OpenAlone(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite, "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA query_only=1", "PRAGMA busy_timeout=0");
        if (raw.sqlite3_db_readonly(connection.Inner.Handle!, "main") == 1)
        {
            connection.Dispose();
            throw new StoreFailure(raw.SQLITE_READONLY, raw.sqlite3_errstr(raw.SQLITE_READONLY).utf8_to_string());
        }

        const int noCheckpointOnClose = 1006;
        _ = raw.sqlite3_db_config(connection.Inner.Handle!, noCheckpointOnClose, 1, out _);
        return connection;
    }

    /// <summary>Opens an empty file that becomes a copy; nobody else knows of it yet.</summary>
    public static StoreConnection OpenCopy(string path) => Open(path, SqliteOpenMode.ReadWrite, "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA synchronous=FULL");

    private static StoreConnection Open(string source, SqliteOpenMode mode, params ReadOnlySpan<string> pragmas)
    {
        var inner = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false }.ToString());
        var connection = new StoreConnection(inner);
        try
        {
            inner.Open();
            // First, so that whatever follows already waits for a lock instead of failing on it.
            connection.WaitForLocks(LockWait);
            _ = raw.sqlite3_extended_result_codes(inner.Handle!, 1);
            foreach (var pragma in pragmas) connection.Execute(pragma);
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw StoreFailure.From(exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sets how long to wait where another program holds a lock.</summary>
    public void WaitForLocks(TimeSpan limit)
    {
        if (limit == _lockWait) return;
        var code = raw.sqlite3_busy_timeout(_connection.Handle!, (int)limit.TotalMilliseconds);
        if (code != raw.SQLITE_OK) throw new StoreFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
        _lockWait = limit;
    }

    /// <summary>The statement of a constant SQL text, compiled at its first use. Found by the text's identity, since hashing it costs more than binding it.</summary>
    public Statement Get(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement)) return statement;
        statement = Prepare(sql);
        _statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs SQL that is needed once, without keeping it.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_connection.Handle!, sql, out var message);
        if (code != raw.SQLITE_OK) throw new StoreFailure(raw.sqlite3_extended_errcode(_connection.Handle!), message ?? sql);
    }

    /// <summary>The first column of the first row of SQL that is needed once, or null.</summary>
    public long? Scalar(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.NullableInt64(0) : null;
    }

    /// <summary>The first bytes of a large value, without reading the pages of the rest.</summary>
    public byte[] ReadBeginning(string table, string column, long row, int bytes) => ReadPart(table, column, row, 0, bytes);

    /// <summary>Some bytes of a large value, or as many of them as it has.</summary>
    public byte[] ReadPart(string table, string column, long row, int from, int bytes)
    {
        var code = raw.sqlite3_blob_open(_connection.Handle!, "main", table, column, row, 0, out var blob);
        using (blob)
        {
            if (code != raw.SQLITE_OK) throw Error(code, column);
            var part = new byte[Math.Clamp(raw.sqlite3_blob_bytes(blob) - from, 0, bytes)];
            code = raw.sqlite3_blob_read(blob, part, from);
            return code == raw.SQLITE_OK ? part : throw Error(code, column);
        }
    }

    /// <summary>
    /// Has something called behind each commit, with the pages that the WAL holds now; in place of SQLite's own checkpoints. Called
    /// from within SQLite, through which no exception may pass.
    /// </summary>
    public unsafe void WatchCommits(Action<int> committed)
    {
        _commitWatcher = GCHandle.Alloc(committed);
        Sqlite3.WalHook(_connection.Handle!.DangerousGetHandle(), &OnCommit, GCHandle.ToIntPtr(_commitWatcher));

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        static int OnCommit(nint watcher, nint connection, byte* database, int pages)
        {
            ((Action<int>)GCHandle.FromIntPtr(watcher).Target!)(pages);
            return raw.SQLITE_OK;
        }
    }

    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle!) == 0;

    internal StoreFailure Error(int code, string sql)
    {
        var extended = raw.sqlite3_extended_errcode(_connection.Handle!);
        return new StoreFailure(extended == raw.SQLITE_OK ? code : extended, raw.sqlite3_errmsg(_connection.Handle!).utf8_to_string(), sql);
    }

    public void Dispose()
    {
        _fullText?.Dispose();
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
        // Only now it is called no more.
        if (_commitWatcher.IsAllocated) _commitWatcher.Free();
    }

    private Statement Prepare(string sql)
    {
        Prepares++;
        const uint persistent = 1;
        var code = raw.sqlite3_prepare_v3(_connection.Handle!, sql, persistent, out var handle);
        if (code != raw.SQLITE_OK) throw Error(code, sql);
        return new Statement(this, handle, sql);
    }
}
