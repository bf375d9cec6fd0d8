using Tinyvex.Admission;
using Tinyvex.Cli.Commands;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Storage;

namespace Tinyvex.Cli.Transfers;

/// <summary>
/// A database of the original Tinyvex, or of this one: all of its threads. It is copied first, and the copy is opened as a server would, which brings it up
/// to date; the file itself stays as it is.
/// </summary>
internal sealed class DatabaseSource(string path) : ImportSource
{
    public override string Name => "database";

    public override async Task ReadAsync(ImportSink sink, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("tinyvex-import-");
        try
        {
            var copy = Path.Combine(folder.FullName, "copy.db");
            Copy(sink, copy, cancellationToken);
            using var loggers = ServerArguments.LoggersForCommand();
            await using var link = await ServerLink.ToAnyAsync(ServerArguments.ForCommand(copy, []), Subprotocols.Sync, loggers, cancellationToken);
            var threads = new List<string>();
            await foreach (var row in ThreadRows.ReadAsync(link, withArchived: true, limit: null, cancellationToken)) threads.Add(row.GetProperty("id").GetString()!);
            // Oldest first, so that they are listed as they were.
            threads.Reverse();
            for (var i = 0; i < threads.Count; i++)
            {
                sink.Progress(i, threads.Count);
                await ReadAsync(sink, link, threads[i], cancellationToken);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void Copy(ImportSink sink, string copy, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        DatabaseBackup.Make(path, copy, isShared: File.Exists(path + "-shm"), progress => sink.Progress(progress.Pages, progress.TotalPages), cancellationToken);
    }

    private static async Task ReadAsync(ImportSink sink, ServerLink link, string id, CancellationToken cancellationToken)
    {
        var row = await ThreadRows.FindAsync(link, id, cancellationToken);
        var stored = new StoredThread(link, row, cancellationToken);
        var thread = sink.Open(id, RowEntries.Facts(row));
        var rows = new RowEntries(thread, await stored.RequestsAsync());
        await foreach (var entry in stored.TimelineAsync()) await rows.AddAsync(entry);
        await rows.EndAsync(await stored.OneAsync("state.get"), await stored.OneAsync("plan.get"));
        await sink.EndAsync(thread, Entries.Finalize(row.GetProperty("updatedAt").GetInt64()));
    }
}
