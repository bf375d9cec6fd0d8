using Tinyvex.Feeding;
using Tinyvex.Protocol;
using Tinyvex.Storage;

namespace Tinyvex.Fanout;

/// <summary>Decides whether a client's cursor can be followed from the log, or whether it needs a new snapshot.</summary>
internal sealed class Resumption(StoreIdentity identity, ReaderPool readers, int maxReplayedEvents)
{
    private readonly ulong _store = Cursor.StoreKey(identity);
    private readonly Epochs _epochs = new();

    /// <summary>
    /// The position to go on from; null where the cursor is none, is of another store or of a future that was lost with the restoring of
    /// a backup, or where so much was missed that a snapshot costs less.
    /// </summary>
    /// <param name="head">The last position that was published.</param>
    public async ValueTask<long?> PositionAsync(Subscription what, string since, long head, CancellationToken cancellationToken)
    {
        if (!Cursor.TryParse(since, out var cursor) || cursor.Store != _store || cursor.Position < 0 || cursor.Position > head) return null;
        var isOfNow = cursor.Epoch == identity.Epoch;
        if (isOfNow && head - cursor.Position <= maxReplayedEvents) return cursor.Position;
        return await readers.ReadAsync(
            store =>
            {
                var end = isOfNow ? head : _epochs.EndOf(store, cursor.Epoch);
                return cursor.Position <= end && MissedBy(store, what, cursor.Position, head) <= maxReplayedEvents ? cursor.Position : (long?)null;
            },
            cancellationToken);
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
