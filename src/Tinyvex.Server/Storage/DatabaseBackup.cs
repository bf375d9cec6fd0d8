using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// Copies a database page by page into a single file. The pages are those of one moment: a read transaction is held on the source
/// meanwhile, so that commits of the server neither wait nor make the copy begin again.
/// </summary>
internal static class DatabaseBackup
{
    /// <summary>Pages of one step, 4 MiB as a rule: between two steps there is a look at whether to go on.</summary>
    private const int PagesPerStep = 1024;

    /// <summary>Makes a checked copy of a database at a path where no file is.</summary>
    /// <param name="isShared">Whether a server may have the source open.</param>
    /// <param name="progress">Told after each step.</param>
    /// <returns>The copy's pages.</returns>
    /// <exception cref="StartupException">The source is no database of ours, or damaged, or the copy cannot be written. No copy is left.</exception>
    public static BackupProgress Make(string source, string copy, bool isShared, Action<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        if (DatabaseFile.Inspect(source, option: "").Kind == DatabaseKind.None) throw new StartupException(ExitCode.DatabaseUnusable, $"{source} holds no database. Name another file.");
        BackupProgress done;
        using (var connection = DatabaseFile.OpenToLook(source, isShared, option: ""))
        {
            try
            {
                done = Copy(connection, copy, progress, cancellationToken);
            }
            catch (Exception exception) when (exception is StoreFailure { PrimaryCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB })
            {
                throw Damaged(source, exception);
            }
            catch (Exception exception) when (exception is StoreFailure or SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new StartupException(ExitCode.InternalError, $"{copy} cannot be written: {exception.Message}. Name a file elsewhere, or free some space.", exception);
            }
        }

        try
        {
            Check(source, copy);
            return done;
        }
        catch
        {
            File.Delete(copy);
            throw;
        }
    }

    /// <summary>Copies an open database; of a copy that fails nothing is left.</summary>
    public static BackupProgress Copy(StoreConnection source, string path, Action<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        Store.CreateEmpty(path);
        try
        {
            BackupProgress done;
            using (var target = StoreConnection.OpenCopy(path))
            {
                done = CopyPages(source, target, progress, cancellationToken);
                // The header of a copy says WAL like its source's; without it there is one file and nothing beside it.
                target.Execute("PRAGMA journal_mode=DELETE");
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            file.Flush(flushToDisk: true);
            return done;
        }
        catch
        {
            foreach (var ending in (string[])["", "-journal", "-wal", "-shm"]) File.Delete(path + ending);
            throw;
        }
    }

    private static BackupProgress CopyPages(
        StoreConnection source, StoreConnection target, Action<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        var pageSize = (int)source.Scalar("PRAGMA page_size")!.Value;
        source.Execute("BEGIN");
        try
        {
            // A transaction begins to read here, not at BEGIN.
            source.Scalar("SELECT count(*) FROM sqlite_master");
            using var backup = raw.sqlite3_backup_init(target.Inner.Handle!, "main", source.Inner.Handle!, "main");
            if (backup.IsInvalid) throw target.Error(raw.SQLITE_ERROR, "backup");
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var code = raw.sqlite3_backup_step(backup, PagesPerStep);
                if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE)) throw new StoreFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
                var pages = raw.sqlite3_backup_pagecount(backup);
                var done = new BackupProgress(pages - raw.sqlite3_backup_remaining(backup), pages, pageSize);
                progress?.Invoke(done);
                if (code == raw.SQLITE_DONE) return done;
            }
        }
        finally
        {
            source.Execute("COMMIT");
        }
    }

    private static void Check(string source, string copy)
    {
        try
        {
            using var connection = StoreConnection.OpenUnchanging(copy);
            _ = DatabaseFile.Classify(source, connection, option: "");
            var check = connection.Get("PRAGMA quick_check(1)");
            var said = check.Step() ? check.Text(0) : "nothing";
            if (said != "ok") throw new StoreFailure(raw.SQLITE_CORRUPT, said);
        }
        catch (Exception exception) when (exception is StoreFailure or SqliteException)
        {
            throw Damaged(source, exception);
        }
    }

    private static StartupException Damaged(string path, Exception exception) =>
        new(ExitCode.DatabaseUnusable, $"{path} is damaged ({exception.Message}), so no copy was made. Take an earlier backup.", exception);
}
