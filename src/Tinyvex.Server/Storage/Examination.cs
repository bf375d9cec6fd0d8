using System.Globalization;

namespace Tinyvex.Storage;

/// <summary>
/// Looks a database over: whether SQLite finds it sound, whether our tables say the same as each other, how its room is used. Reads all of it and
/// changes nothing.
/// </summary>
internal static class Examination
{
    /// <summary>Faults of one kind that are told; a damaged file may have thousands.</summary>
    private const int MostFaults = 20;

    /// <summary>Free room that is worth a word, in bytes, and as a part of the file.</summary>
    private const long FreeBytes = 1024 * 1024, FreePart = 10;

    private static readonly (string Group, string Names)[] Groups =
    [
        ("messages", "messages*"), ("log", "acp_events*"), ("tool calls", "acp_tool_calls*"), ("terminals", "terminal*"), ("search index", "message_search*"),
    ];

    /// <summary>What takes the room, in bytes, largest first.</summary>
    public static List<(string What, long Bytes)> Sizes(StoreConnection store)
    {
        var sizes = Groups.ToDictionary(group => group.Group, _ => 0L);
        sizes["other"] = 0;
        var rows = store.Get("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE");
        while (rows.Step())
        {
            var name = rows.Text(0);
            var group = Array.Find(Groups, group => name.StartsWith(group.Names[..^1], StringComparison.Ordinal)
                || name.StartsWith("sqlite_autoindex_" + group.Names[..^1], StringComparison.Ordinal)).Group ?? "other";
            sizes[group] += rows.Int64(1);
        }

        sizes["free"] = store.Scalar("PRAGMA freelist_count")!.Value * store.Scalar("PRAGMA page_size")!.Value;
        return [.. sizes.Where(size => size.Value > 0).OrderByDescending(size => size.Value).Select(size => (size.Key, size.Value))];
    }

    /// <summary>What is wrong, or worth knowing.</summary>
    /// <param name="isRunning">Whether a server holds the database.</param>
    public static List<Finding> Of(StoreConnection store, string path, bool isRunning)
    {
        List<Finding> findings = [.. Permissions(path), .. Integrity(store)];
        // Our tables are asked where they can be read, and are those that this program knows.
        if (findings.Exists(finding => finding is { IsFault: true, Remedy: null })) return findings;
        if (DatabaseFile.Classify(path, store, option: "") is var (kind, version) && (kind != DatabaseKind.Ours || version != Schema.Version))
        {
            findings.Add(new Finding("The file is of an earlier version. The next server upgrades it, and keeps a copy of it as it is.", IsFault: false));
            return findings;
        }

        findings.AddRange(Rows(store));
        findings.AddRange(Room(store));
        if (!isRunning) findings.AddRange(LeftOpen(store));
        return findings;
    }

    private static IEnumerable<Finding> Permissions(string path)
    {
        if (OperatingSystem.IsWindows()) yield break;
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (var file in FilesOf(path))
        {
            if ((File.GetUnixFileMode(file) & others) == 0) continue;
            yield return new Finding($"Other users of this machine may read or write {file}.", Remedy: Remedy.Permissions);
        }
    }

    /// <summary>The database and what stands beside it, as far as it is there.</summary>
    public static IEnumerable<string> FilesOf(string path) => ((string[])["", "-wal", "-shm", "-server.json"]).Select(ending => path + ending).Where(File.Exists);

    private static IEnumerable<Finding> Integrity(StoreConnection store)
    {
        var rows = store.Get($"PRAGMA integrity_check({MostFaults.ToString(CultureInfo.InvariantCulture)})");
        while (rows.Step())
        {
            foreach (var fault in rows.Text(0).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (fault == "ok" || fault.StartsWith("*** in database", StringComparison.Ordinal)) continue;
                yield return fault switch
                {
                    _ when fault.Contains("FTS5", StringComparison.OrdinalIgnoreCase) => new Finding($"The search index is broken: {fault}.", Remedy: Remedy.SearchIndex),
                    // The rows are there, and only the way to them is wrong.
                    _ when fault.Contains("missing from index", StringComparison.Ordinal) || fault.StartsWith("wrong # of entries in index", StringComparison.Ordinal)
                        => new Finding($"An index is not what its table says: {fault}.", Remedy: Remedy.Indexes),
                    _ => new Finding($"The file is damaged: {fault}. Put a backup in its place with: tinyvex restore FILE"),
                };
            }
        }
    }

    private static IEnumerable<Finding> Rows(StoreConnection store)
    {
        if (store.Scalar("SELECT count(*) FROM messages WHERE partial = 0 AND octet_length(text) <> textLen") is > 0 and var cut)
        {
            yield return new Finding(Text($"{cut} messages are not as long as they should be. Put a backup in the place of the file with: tinyvex restore FILE"));
        }

        if (store.Scalar("""
            SELECT count(*) FROM (SELECT id FROM messages WHERE partial = 0 AND textLen > 0 EXCEPT SELECT id FROM message_search_docsize)
            """) is > 0 and var unindexed)
        {
            yield return new Finding(Text($"{unindexed} messages are missing in the search index."), Remedy: Remedy.SearchIndex);
        }

        if (store.Scalar(MiscountedThreads) is > 0 and var miscounted)
        {
            yield return new Finding(Text($"{miscounted} threads say a wrong number of messages."), Remedy: Remedy.Counts);
        }

        if (store.Scalar("SELECT count(*) FROM purges") is > 0 and var purges)
        {
            yield return new Finding(Text($"{purges} threads were deleted and are still being purged; a running server does so by itself."), IsFault: false);
        }
    }

    private const string MiscountedThreads = """
        SELECT count(*) FROM threads WHERE messageCount <> (SELECT count(*) FROM messages WHERE messages.threadId = threads.id)
        """;

    private static IEnumerable<Finding> Room(StoreConnection store)
    {
        if (!Store.CanShrink(store))
        {
            yield return new Finding("The file cannot give back what becomes free in it, as it was made without.", Remedy: Remedy.FreePages);
            yield break;
        }

        var (free, all) = (store.Scalar("PRAGMA freelist_count")!.Value, store.Scalar("PRAGMA page_count")!.Value);
        var bytes = free * store.Scalar("PRAGMA page_size")!.Value;
        if (bytes < FreeBytes || free * FreePart < all) yield break;
        yield return new Finding(Text($"{bytes / FreeBytes} MiB of the file are free; a running server gives them back by itself."), IsFault: false, Remedy.FreePages);
    }

    private static IEnumerable<Finding> LeftOpen(StoreConnection store)
    {
        const string count = """
            SELECT (SELECT count(*) FROM messages WHERE partial = 1) + (SELECT count(*) FROM runs WHERE status IN ('queued', 'running'))
              + (SELECT count(*) FROM terminals WHERE status = 'running')
            """;
        if (store.Scalar(count) is > 0 and var open)
        {
            yield return new Finding(Text($"{open} messages, runs and terminals were open when the last server was killed; the next one ends them."), IsFault: false);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
