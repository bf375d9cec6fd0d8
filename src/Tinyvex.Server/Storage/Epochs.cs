using System.Collections.Concurrent;

namespace Tinyvex.Storage;

/// <summary>
/// Where each opening of the database ended, by which a position is known to be of this history and not of one that was lost when a
/// backup was restored.
/// </summary>
internal sealed class Epochs
{
    /// <summary>An epoch ends where the next one began. Openings are numbered by their time, which never repeats within a file.</summary>
    private const string End = """
        SELECT (SELECT next.beganAt FROM epochs next WHERE next.openedAt > this.openedAt ORDER BY next.openedAt LIMIT 1)
        FROM epochs this WHERE epoch = ?1
        """;

    /// <summary>Clients come back with a few epochs' cursors, not with thousands.</summary>
    private const int MaxKnown = 1_024;

    private readonly ConcurrentDictionary<long, long> _ends = new();

    /// <summary>The last position of a past epoch that was asked for before.</summary>
    public long? KnownEndOf(long epoch) => _ends.TryGetValue(epoch, out var known) ? known : null;

    /// <summary>The last position of a past epoch; null where this store never had it.</summary>
    public long? EndOf(StoreConnection store, long epoch)
    {
        if (KnownEndOf(epoch) is { } known) return known;
        var row = store.Get(End).Bind(1, epoch);
        if (!row.Step()) return null;
        var end = row.NullableInt64(0);
        row.Reset();
        if (end is { } position && _ends.Count < MaxKnown) _ends.TryAdd(epoch, position);
        return end;
    }
}
