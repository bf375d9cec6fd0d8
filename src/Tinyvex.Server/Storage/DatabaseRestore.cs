using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// Puts a copy of a backup in the place of a database. Killed at any point, it leaves the old database or the new one: the new file
/// is complete before it takes its name in one step, and by then nothing of the old one stands outside its file, so that no old WAL
/// is ever read with the new file.
/// </summary>
internal static class DatabaseRestore
{
    private static readonly string[] Logs = ["-wal", "-journal"];

    /// <summary>Restores, and answers where the old database is kept; null where there was none.</summary>
    /// <param name="database">Its real path; the caller holds its lock.</param>
    /// <exception cref="StartupException">The backup is none, or damaged, or the disk refuses. The old database stays.</exception>
    public static string? Put(string backup, string database, TimeProvider time, Action<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        var next = database + ".restoring";
        // Of a restore that was killed. We hold the lock, so nobody else is at it.
        File.Delete(next);
        DatabaseBackup.Make(backup, next, isShared: false, progress, cancellationToken);
        try
        {
            var kept = Keep(database, time);
            File.Move(next, database, overwrite: true);
            return kept;
        }
        catch (Exception exception) when (exception is StoreFailure or SqliteException or IOException or UnauthorizedAccessException)
        {
            File.Delete(next);
            throw DatabaseFile.Explain(database, exception);
        }
    }

    private static string? Keep(string database, TimeProvider time)
    {
        var kept = FileNames.Free(string.Create(CultureInfo.InvariantCulture, $"{database}.before-restore-{time.GetUtcNow():yyyyMMdd-HHmmss}"));
        var existed = File.Exists(database);
        try
        {
            if (existed) Store.Fold(database);
        }
        catch (StoreFailure failure) when (failure.PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            // Which may be why it is replaced: what lies beside it is then kept beside the copy.
        }

        // A copy and no second name: with two names, a kill before the next step would leave a file that SQLite must not open.
        CopyIfThere(database, kept);
        foreach (var log in Logs)
        {
            CopyIfThere(database + log, kept + log);
            File.Delete(database + log);
        }

        File.Delete(database + "-shm");
        return existed ? kept : null;
    }

    private static void CopyIfThere(string from, string to)
    {
        if (!File.Exists(from)) return;
        File.Copy(from, to);
        using var file = new FileStream(to, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
