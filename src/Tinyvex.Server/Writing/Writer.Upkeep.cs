using Tinyvex.Acp;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>
/// Steps of upkeep, which change nothing that anyone sees. Each is one write among others and takes some milliseconds at most, so that none waits for
/// the whole.
/// </summary>
internal sealed partial class Writer
{
    /// <summary>Pages of the search index that a step writes.</summary>
    private const int IndexPages = 16;

    /// <summary>Pages that a step takes from the end of the file, each of which may have to be moved first.</summary>
    private const string FreeSomePages = "PRAGMA incremental_vacuum(64)";

    private const string FreePageCount = "PRAGMA freelist_count";

    private UpkeepOutcome Apply(UpkeepCommand command) => command switch
    {
        MergeChunks merge => Merge(merge),
        NoteMerged note => Note(note),
        PurgeRows => PurgeSome(),
        PurgeIndex purge => PurgeSome(purge),
        FreePages free => FreeSome(free),
        ForgetPurges forget => ForgetPurged(forget),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private UpkeepOutcome Merge(MergeChunks command)
    {
        // What the log is to forget must be in the message. Its thread may be gone by now.
        var length = _store.Get(MessageRow.FinalLength).Bind(1, command.ThreadId).Bind(2, command.Ord).Number() ?? 0;
        var rows = _store.Get(EventLog.ToMerge)
            .Bind(1, command.ThreadId).Bind(2, command.After).Bind(3, command.Before).Bind(4, MergedChunks.Most);
        var events = new List<(long Id, long Seq, long TextLen, string? SessionId, ReadOnlyMemory<byte>? Raw)>();
        while (rows.Step())
        {
            var isRawChunk = !rows.IsNull(1) && rows.Int64(1) == command.Ord && rows.IsNull(6) && rows.Int64(3) <= length;
            events.Add((rows.Int64(0), rows.NullableInt64(2) ?? 0, rows.NullableInt64(3) ?? 0, rows.NullableText(4), isRawChunk ? rows.NullableBytes(5) : null));
        }

        var run = new ChunkRun();
        foreach (var (id, seq, textLen, sessionId, raw) in events)
        {
            if (raw is { } json && ChunkTemplate.Of(json) is var (template, text))
            {
                if (run.TryAdd(id, seq, textLen, sessionId, template, text.Length)) continue;
                run.Merge(_store, command.ThreadId);
                run.TryAdd(id, seq, textLen, sessionId, template, text.Length);
            }
            else
            {
                run.Merge(_store, command.ThreadId);
            }
        }

        run.Merge(_store, command.ThreadId);
        return new UpkeepOutcome(events.Count == MergedChunks.Most ? events[^1].Id : null);
    }

    private UpkeepOutcome Note(NoteMerged command)
    {
        _store.Get("UPDATE store SET mergedTo = ?1").Bind(1, command.To).Run();
        return new UpkeepOutcome();
    }

    private UpkeepOutcome PurgeSome()
    {
        var next = _store.Get(ThreadPurge.Next);
        if (!next.Step()) return new UpkeepOutcome();
        var (threadId, deletion) = (next.Text(0), next.Int64(1));
        next.Reset();
        ThreadPurge.Step(_store, threadId, deletion);
        return new UpkeepOutcome(deletion);
    }

    /// <summary>Removes all that a thread of this id left when it was deleted.</summary>
    private void PurgeAll(string threadId)
    {
        if (_store.Get(ThreadPurge.Find).Bind(1, threadId).Number() is not { } deletion) return;
        while (ThreadPurge.Step(_store, threadId, deletion))
        {
        }
    }

    private UpkeepOutcome PurgeSome(PurgeIndex command) => new(SearchIndex.Purge(_store, IndexPages, command.IsFirst) ? _lastEvent : null);

    private UpkeepOutcome FreeSome(FreePages command)
    {
        if (FreePagesLeft() <= command.Keep) return new UpkeepOutcome();
        _store.Get(FreeSomePages).Run();
        return new UpkeepOutcome(FreePagesLeft() > command.Keep ? _lastEvent : null);
    }

    private long FreePagesLeft() => _store.Get(FreePageCount).Number()!.Value;

    private UpkeepOutcome ForgetPurged(ForgetPurges command)
    {
        _store.Get(ThreadPurge.Forget).Bind(1, command.To).Run();
        return new UpkeepOutcome();
    }
}
