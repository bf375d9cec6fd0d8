namespace Tinyvex.Storage;

/// <summary>Mends what an <see cref="Examination"/> found, where that loses nothing. No server may have the file open.</summary>
internal static class DatabaseRepair
{
    /// <summary>Mends, and answers the copy of the file as it was; null where nothing in it had to be changed.</summary>
    /// <exception cref="StoreFailure">It could not be mended; the copy stays.</exception>
    public static string? Mend(string path, IReadOnlySet<Remedy> remedies, TimeProvider time)
    {
        if (remedies.Contains(Remedy.Permissions) && !OperatingSystem.IsWindows())
        {
            foreach (var file in Examination.FilesOf(path)) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var inside = remedies.Where(remedy => remedy != Remedy.Permissions).Order().ToList();
        return inside.Count == 0 ? null : Store.Mend(path, time, store =>
        {
            foreach (var remedy in inside) Mend(store, remedy);
        });
    }

    private static void Mend(StoreConnection store, Remedy remedy)
    {
        switch (remedy)
        {
            case Remedy.Indexes:
                store.Execute("REINDEX");
                break;
            case Remedy.SearchIndex:
                store.Execute($"BEGIN IMMEDIATE; DROP TABLE message_search; {SearchIndex.Create}");
                SearchIndex.Fill(store);
                store.Execute("COMMIT");
                break;
            case Remedy.Counts:
                store.Execute("UPDATE threads SET messageCount = (SELECT count(*) FROM messages WHERE messages.threadId = threads.id)");
                break;
            case Remedy.FreePages:
                Store.LetShrink(store);
                store.Execute("PRAGMA incremental_vacuum");
                break;
        }
    }
}
