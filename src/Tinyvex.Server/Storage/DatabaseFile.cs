using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// Looks at a database file without changing a byte of it, and says in a user's words what is wrong with one that cannot be used.
/// </summary>
internal static class DatabaseFile
{
    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>How another file than the server's database is named; of a file that was named otherwise, nothing is said of it.</summary>
    private const string WithDb = " with --db";

    /// <exception cref="StartupException">It is no database, another program's, or a newer Tinyvex's.</exception>
    public static (DatabaseKind Kind, int Version) Inspect(string path, string option = WithDb)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length == 0) return (DatabaseKind.None, 0);
            if (!HasMagic(path))
            {
                throw Unusable($"{path} is not an SQLite database. Name another file{option}, or move this one away.");
            }

            if (FileNames.CountOf(path) is > 1 and var names)
            {
                throw Unusable(
                    $"{path} has {names} names (hard links). SQLite keeps its log beside the name it was opened by, so using two of them "
                    + "destroys the data. Remove the other names, or link to it symbolically.");
            }

            return Look(path, option);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StoreFailure or SqliteException)
        {
            throw Explain(path, exception, option);
        }
    }

    private static (DatabaseKind Kind, int Version) Look(string path, string option)
    {
        if (new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 })
        {
            using var file = StoreConnection.OpenUnchanging(path);
            return Classify(path, file, option);
        }

        try
        {
            using var alone = StoreConnection.OpenAlone(path);
            return Classify(path, alone, option);
        }
        catch (StoreFailure failure) when (failure.PrimaryCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            // Someone has it open, so its -shm is there already.
            using var shared = StoreConnection.OpenReader(path);
            return Classify(path, shared, option);
        }
    }

    /// <summary>
    /// Opens a database to read all of it. Without a server nothing is made beside the file and nothing of it is changed; its WAL, where a crash left
    /// one, is read with it.
    /// </summary>
    /// <param name="isShared">Whether a server may have it open.</param>
    public static StoreConnection OpenToLook(string path, bool isShared, string option = WithDb)
    {
        try
        {
            if (isShared) return StoreConnection.OpenReader(path);
            return new FileInfo(path + "-wal") is { Exists: true, Length: > 0 } ? StoreConnection.OpenAlone(path) : StoreConnection.OpenUnchanging(path);
        }
        catch (Exception exception) when (exception is StoreFailure or SqliteException)
        {
            throw Explain(path, exception, option);
        }
    }

    /// <summary>What an open database is.</summary>
    /// <exception cref="StartupException">Another program's, or a newer Tinyvex's.</exception>
    public static (DatabaseKind Kind, int Version) Classify(string path, StoreConnection connection, string option = WithDb)
    {
        var application = connection.Scalar("PRAGMA application_id");
        var version = (int)connection.Scalar("PRAGMA user_version")!.Value;
        if (application == Schema.ApplicationId)
        {
            if (version <= Schema.Version) return (DatabaseKind.Ours, version);
            throw Unusable(
                $"{path} was written by a newer Tinyvex (schema {version}; this one knows up to {Schema.Version}). "
                + $"Install the newer version again, or name another file{option}.");
        }

        if (application == 0 && version == 0)
        {
            if (connection.Scalar("SELECT count(*) FROM sqlite_master") == 0) return (DatabaseKind.None, 0);
            if (OriginalDatabase.IsOne(connection)) return (DatabaseKind.Original, 0);
        }

        throw Unusable($"{path} belongs to another program. Name another file{option}.");
    }

    private static bool HasMagic(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[16];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Magic);
    }

    /// <summary>Turns a failure of opening into one that names the file and says what to do.</summary>
    public static StartupException Explain(string path, Exception exception, string option = WithDb)
    {
        var code = exception switch
        {
            StoreFailure failure => failure.PrimaryCode,
            SqliteException sqlite => sqlite.SqliteErrorCode,
            _ => raw.SQLITE_OK,
        };
        var directory = Path.GetDirectoryName(path);
        return exception switch
        {
            StartupException known => known,
            UnauthorizedAccessException => Unusable(
                $"{path} cannot be opened: no permission. Make it and its directory writable for this user, or name another file{option}.", exception),
            _ when code == raw.SQLITE_FULL || exception is StoreFailure { IsDiskFull: true } || IsNoSpace(exception) => Unusable(
                $"{path} cannot be written: the disk is full. Free some space, or name a file on another disk{option}.", exception),
            _ when code is raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM || IsReadOnly(exception) => Unusable(
                $"{path} cannot be written: the file or its directory {directory} is read-only. Make it writable for this user, or name another file{option}.",
                exception),
            _ when code is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => Unusable(
                $"{path} is damaged ({exception.Message}). Move it away and put a backup in its place, or name another file{option}.", exception),
            _ when code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Unusable(
                $"{path} is locked by another program. Close that program, or name another file{option}.", exception),
            _ => Unusable($"{path} cannot be opened: {exception.Message} Name another file{option}.", exception),
        };
    }

    private static StartupException Unusable(string message, Exception? inner = null) => new(ExitCode.DatabaseUnusable, message, inner);

    private static bool IsNoSpace(Exception exception) => exception is IOException io && (io.HResult & 0xffff) is 28 or 112 or 39;

    private static bool IsReadOnly(Exception exception) => exception is IOException io && (io.HResult & 0xffff) is 30 or 19;
}
