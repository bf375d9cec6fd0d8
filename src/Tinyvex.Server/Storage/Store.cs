using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Tinyvex.Storage;

/// <summary>
/// An opened database: creates or upgrades the file, begins an epoch, and hands out the one writing connection and the readers.
/// </summary>
internal sealed class Store : IAsyncDisposable
{
    private Store(StoreFiles files, StoreConnection writer, StoreIdentity identity, string? backup)
    {
        Files = files;
        Writer = writer;
        Readers = new ReaderPool(files);
        Identity = identity;
        Backup = backup;
    }

    public string Path => Files.Path;

    /// <summary>The files as they were opened.</summary>
    public StoreFiles Files { get; }

    /// <summary>The one connection that can write; the writer owns it.</summary>
    public StoreConnection Writer { get; }

    public ReaderPool Readers { get; }

    public StoreIdentity Identity { get; }

    /// <summary>The backup made because the file was upgraded, if it was.</summary>
    public string? Backup { get; }

    /// <param name="path">The file's real path, free of links.</param>
    /// <param name="durability">Whether every commit waits for the disk.</param>
    /// <exception cref="StartupException">The file cannot be used; nothing of it was changed.</exception>
    public static Store Open(string path, TimeProvider time, Durability durability = Durability.Normal)
    {
        _ = DatabaseFile.Inspect(path);
        var existed = File.Exists(path);
        var shared = File.Exists(path + "-shm");
        StoreConnection? connection = null;
        string? backup = null;
        try
        {
            if (!existed) CreateEmpty(path);
            connection = StoreConnection.OpenWriter(path, full: durability == Durability.Full);
            // Once more, since opening may have rolled back what a crash left half written.
            var (kind, version) = DatabaseFile.Classify(path, connection);
            backup = kind != DatabaseKind.None && (kind == DatabaseKind.Original || version < Schema.Version)
                ? MakeBackup(connection, path, time)
                : null;
            if (kind == DatabaseKind.None || backup is not null) LetShrink(connection);
            Upgrade(connection, kind, version, time);
            // Only now: the header says so for good, and a refused file must stay as it was.
            connection.Execute("PRAGMA journal_mode=WAL");
            var identity = BeginEpoch(connection, time);
            OwnerOnly(path);
            OwnerOnly(path + "-wal");
            OwnerOnly(path + "-shm");
            return new Store(new StoreFiles(path), connection, identity, backup);
        }
        catch (Exception exception) when (exception is StoreFailure or SqliteException or IOException or UnauthorizedAccessException or StartupException)
        {
            connection?.Dispose();
            // The upgrade was rolled back, so what it was made for stands unchanged in its place.
            if (backup is not null) DeleteQuietly(backup);
            if (!existed) DeleteQuietly(path, path + "-wal", path + "-shm", path + "-journal");
            // SQLite leaves these where it could not fill them; they hold nothing, and nobody else has the file open.
            else if (!shared && new FileInfo(path + "-wal") is { Exists: true, Length: 0 }) DeleteQuietly(path + "-wal", path + "-shm");
            throw DatabaseFile.Explain(path, exception);
        }
    }

    /// <summary>Brings what stands in the WAL, or what a crash left half written, into the file: then the file alone is the database.</summary>
    /// <exception cref="StoreFailure">It is damaged, or somebody else has it open.</exception>
    public static void Fold(string path)
    {
        using var connection = StoreConnection.OpenWriter(path, full: true);
        connection.Execute("PRAGMA journal_mode=DELETE");
    }

    /// <summary>Copies a database that nobody has open, lets something be changed in it, and answers the copy.</summary>
    /// <exception cref="StoreFailure">It failed; what was not committed is undone, and the copy stays.</exception>
    public static string Mend(string path, TimeProvider time, Action<StoreConnection> mend)
    {
        using var connection = StoreConnection.OpenWriter(path, full: true);
        var copy = MakeBackup(connection, path, time);
        mend(connection);
        return copy;
    }

    /// <summary>Id of the last event in the log.</summary>
    public long LastEvent() => Writer.Scalar(EventLog.Last)!.Value;

    /// <summary>Whether pages that are free can leave the file without all of it being written anew.</summary>
    public static bool CanShrink(StoreConnection connection)
    {
        const long incremental = 2;
        return connection.Scalar("PRAGMA auto_vacuum") == incremental;
    }

    /// <summary>
    /// Has pages that are free leave the file in steps (https://sqlite.org/pragma.html#pragma_auto_vacuum). A file that was made otherwise is written
    /// anew for it, once; killed meanwhile, it stays as it was.
    /// </summary>
    public static void LetShrink(StoreConnection connection)
    {
        if (CanShrink(connection)) return;
        connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
        if (connection.Scalar("PRAGMA page_count") == 0) return;
        // The copy that is made on the way may be larger than the memory.
        connection.Execute("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = DEFAULT");
    }

    private static void Upgrade(StoreConnection connection, DatabaseKind kind, int version, TimeProvider time)
    {
        if (kind == DatabaseKind.Ours && version == Schema.Version) return;
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            if (kind == DatabaseKind.Original) OriginalDatabase.Migrate(connection);
            else Schema.Upgrade(connection, kind == DatabaseKind.Ours ? version : 0);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                INSERT OR IGNORE INTO store(one, storeId, createdAt) VALUES (1, '{Guid.NewGuid():N}', {time.GetUtcNow().ToUnixTimeMilliseconds()});
                PRAGMA application_id = {Schema.ApplicationId};
                PRAGMA user_version = {Schema.Version};
                COMMIT
                """));
        }
        catch
        {
            if (connection.InTransaction) connection.Execute("ROLLBACK");
            throw;
        }
    }

    private static StoreIdentity BeginEpoch(StoreConnection connection, TimeProvider time)
    {
        // 62 random bits: never negative, never met twice.
        var epoch = BitConverter.ToInt64(Guid.NewGuid().ToByteArray(), 8) & 0x3fff_ffff_ffff_ffff;
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO epochs(epoch, beganAt, openedAt)
            SELECT {epoch}, coalesce((SELECT max(id) FROM acp_events), 0),
              max({time.GetUtcNow().ToUnixTimeMilliseconds()}, coalesce((SELECT max(openedAt) + 1 FROM epochs), 0))
            """));
        var store = connection.Get("SELECT storeId FROM store");
        store.Step();
        var identity = new StoreIdentity(store.Text(0), epoch);
        store.Reset();
        return identity;
    }

    /// <summary>Copies the database, through SQLite so that its WAL is in it, before anything is changed.</summary>
    private static string MakeBackup(StoreConnection connection, string path, TimeProvider time)
    {
        var backup = FileNames.Free(string.Create(CultureInfo.InvariantCulture, $"{path}.backup-{time.GetUtcNow():yyyyMMdd-HHmmss}"));
        DatabaseBackup.Copy(connection, backup, null, CancellationToken.None);
        return backup;
    }

    /// <summary>Makes an empty file that its owner alone may read.</summary>
    internal static void CreateEmpty(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }

    private static void OwnerOnly(string path)
    {
        // On Windows the per-user directory's access list says so.
        if (!OperatingSystem.IsWindows() && File.Exists(path)) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static void DeleteQuietly(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is ours and empty; the failure that brought us here is the one to tell.
            }
        }
    }

    public async ValueTask DisposeAsync() => await Readers.DisposeAsync();
}
