using Microsoft.Data.Sqlite;

namespace Tinyvex.Storage;

/// <summary>SQLite refused. Carries its extended result code; the message is SQLite's own and holds no row content.</summary>
internal sealed class StoreFailure : Exception
{
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
    public bool IsDiskFull => PrimaryCode == SQLitePCL.raw.SQLITE_FULL || Code == SQLitePCL.raw.SQLITE_IOERR_SHMSIZE;

    public static StoreFailure From(SqliteException exception) => new(exception.SqliteExtendedErrorCode, exception.Message);

    public TinyvexException ToClient() => new(ErrorCode.StoreError, PrimaryCode switch
    {
        _ when IsDiskFull => "the disk is full: free some space and send it again",
        SQLitePCL.raw.SQLITE_BUSY => "the database is locked by another program: close it and send it again",
        SQLitePCL.raw.SQLITE_TOOBIG => "a value is larger than the store takes",
        _ => "the store refused the write: " + Message,
    }, inner: this);
}
