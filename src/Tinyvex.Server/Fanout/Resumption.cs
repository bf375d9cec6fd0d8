using Tinyvex.Feeding;
using Tinyvex.Protocol;
using Tinyvex.Storage;

namespace Tinyvex.Fanout;

/// <summary>Decides whether a client's cursor can be followed from the log, or whether it needs a new snapshot.</summary>
internal sealed class Resumption(StoreIdentity identity, ReaderPool readers, Hub hub, int maxReplayedEvents)
{
    private const string LastDeletion = "SELECT coalesce(max(eventId), 0) FROM tombstones";

    /// <summary>Threads that were deleted after a position and made anew.</summary>
    private const string MadeAnew = """
        SELECT 1 FROM tombstones JOIN threads ON threads.id = tombstones.threadId
        WHERE tombstones.eventId > ?1 AND (?2 IS NULL OR tombstones.threadId = ?2) LIMIT 1
        """;

    private readonly ulong _store = Cursor.StoreKey(identity);
    private readonly Epochs _epochs = new();
    private long? _deletedBefore;

    /// <summary>
    /// The position to go on from; null where the cursor is none, is of another store or of a future that was lost with the restoring of
    /// a backup, or where so much was missed that a snapshot costs less.
    /// </summary>
    public async ValueTask<long?> PositionAsync(Subscription what, string since, CancellationToken cancellationToken)
    {
        var head = hub.Position;
        if (!Cursor.TryParse(since, out var cursor) || cursor.Store != _store || cursor.Position < 0) return null;
        // Of an epoch that is known, near, and with no deletion since: nothing to ask the store, however many come back at once.
        var end = cursor.Epoch == identity.Epoch ? head : _epochs.KnownEndOf(cursor.Epoch);
        if (cursor.Position <= end && head - cursor.Position <= maxReplayedEvents
            && _deletedBefore is { } last && cursor.Position >= Math.Max(last, hub.LastDeletion)) return cursor.Position;
        return await readers.ReadAsync(store => CanFollow(store, what, cursor, head) ? cursor.Position : (long?)null, cancellationToken);
    }

    private bool CanFollow(StoreConnection store, Subscription what, Cursor cursor, long head)
    {
        _deletedBefore ??= store.Scalar(LastDeletion)!.Value;
        // The log may end with events that change nothing a client sees, and so lie behind what was published: a snapshot's cursor counts them.
        var end = cursor.Epoch == identity.Epoch ? LastEvent(store) : _epochs.EndOf(store, cursor.Epoch);
        return cursor.Position <= end
            && !HasThreadMadeAnew(store, what, cursor.Position)
            && MissedBy(store, what, cursor.Position, head) <= maxReplayedEvents;
    }

    private static long LastEvent(StoreConnection store)
    {
        var row = store.Get(EventLog.Last);
        row.Step();
        var last = row.Int64(0);
        row.Reset();
        return last;
    }

    /// <summary>
    /// That a thread was deleted is told as long as it is so. Where it has come back since, the update would come too late: a client
    /// cannot tell it from one about the new thread, and would drop what it has of that. A list of threads needs the new row alone.
    /// </summary>
    private static bool HasThreadMadeAnew(StoreConnection store, Subscription what, long position)
    {
        if (what.Stream == StreamName.Threads) return false;
        var row = store.Get(MadeAnew).Bind(1, position).Bind(2, what.TopicThread);
        var found = row.Step();
        row.Reset();
        return found;
    }

    private long MissedBy(StoreConnection store, Subscription what, long position, long head)
    {
        // Few enough of all threads together are few enough of one.
        if (head - position <= maxReplayedEvents) return 0;
        var sql = what.TopicThread is not null ? EventLog.CountInThread
            : (what.Streams & ~StreamSet.Sparse) == 0 ? EventLog.CountSparse
            : EventLog.Count;
        var row = store.Get(sql).Bind(1, position).Bind(2, maxReplayedEvents + 1L);
        if (what.TopicThread is { } thread) row.Bind(3, thread);
        row.Step();
        var missed = row.Int64(0);
        row.Reset();
        return missed;
    }
}
