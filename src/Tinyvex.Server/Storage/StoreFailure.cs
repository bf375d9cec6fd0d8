using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>SQLite refused. Carries its extended result code; the message is SQLite's own and holds no row content.</summary>
internal sealed class StoreFailure : Exception
{
    // The binding does not name these two.
    private const int IoErrData = raw.SQLITE_IOERR | (32 << 8);
    private const int IoErrCorruptFs = raw.SQLITE_IOERR | (33 << 8);

    public StoreFailure(int code, string message, string? sql = null) : base($"{message} (SQLite {code})")
    {
        Code = code;
        Sql = sql;
    }

    /// <summary>Extended result code, https://www.sqlite.org/rescode.html.</summary>
    public int Code { get; }

    public int PrimaryCode => Code & 0xff;

    public string? Sql { get; }

    /// <summary>SQLite reserves the shared memory beside the WAL before it writes, and has a code of its own for where it cannot.</summary>
    public bool IsDiskFull => PrimaryCode == raw.SQLITE_FULL || Code == raw.SQLITE_IOERR_SHMSIZE;

    /// <summary>Whether another program holds a lock.</summary>
    public bool IsLocked => PrimaryCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    /// <summary>Whether the file holds what it should not. It does not pass, though writes elsewhere in the file may succeed.</summary>
    public bool IsDamage => PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
        || Code is raw.SQLITE_IOERR_READ or raw.SQLITE_IOERR_SHORT_READ or IoErrData or IoErrCorruptFs;

    /// <summary>
    /// Whether any other write would be refused too, until something outside has changed. The same write is then worth another try;
    /// otherwise it is this write, or what it met in the file, that is at fault.
    /// </summary>
    public bool IsPassing => IsDiskFull || IsLocked || (!IsDamage && PrimaryCode is raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN
        or raw.SQLITE_PERM or raw.SQLITE_PROTOCOL or raw.SQLITE_NOLFS or raw.SQLITE_NOMEM);

    /// <summary>What is wrong and what helps. Names no path: it is told to whoever asks for the server's health.</summary>
    public string Cause => PrimaryCode switch
    {
        _ when IsDiskFull => "the disk is full: free some space",
        _ when IsLocked => "the database is locked by another program: close that program",
        _ when Code == raw.SQLITE_READONLY_DBMOVED =>
            "the database file, or its -wal or -shm file, was moved, removed or replaced: put it back, or restart the server to use what stands there now",
        _ when IsDamage => $"the database is damaged (SQLite {Code}): stop the server and restore a backup",
        raw.SQLITE_IOERR => $"the disk failed (SQLite {Code}): look at the disk, and at limits on the size of files",
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "the database cannot be written: make its file, directory and disk writable",
        raw.SQLITE_NOMEM => "there is no memory left for the store: end other programs",
        raw.SQLITE_TOOBIG => "a value is larger than the store takes: send less",
        _ => "the store refused the write: " + Message,
    };

    public static StoreFailure From(SqliteException exception) => new(exception.SqliteExtendedErrorCode, exception.Message);

    public TinyvexException ToClient() => new(ErrorCode.StoreError, IsPassing ? Cause + "; then send it again" : Cause, inner: this);
}
