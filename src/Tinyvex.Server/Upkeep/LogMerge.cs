using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Upkeep;

/// <summary>
/// Merges the chunks of messages that have been final for long enough. Goes through the log by the ends of messages, and notes how far it came, so
/// that each is looked at once.
/// </summary>
internal sealed class LogMerge(ReaderPool readers, UpkeepSteps steps, TimeSpan age, TimeProvider time)
{
    /// <summary>Messages looked up at once.</summary>
    private const int BatchMessages = 256;

    /// <summary>Merges all that is due, and answers how many messages that were.</summary>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        if (age == Timeout.InfiniteTimeSpan) return 0;
        var before = time.GetUtcNow().ToUnixTimeMilliseconds() - (long)age.TotalMilliseconds;
        for (var messages = 0L; ;)
        {
            var due = await readers.ReadAsync(store => Due(store, before), cancellationToken);
            if (due.Count == 0) return messages;
            foreach (var message in due)
            {
                if (message.BeforeFirst is not { } first) continue;
                await steps.TakeAsync(
                    (from, done) => new MergeChunks
                    {
                        ThreadId = message.ThreadId,
                        Ord = message.Ord,
                        After = from ?? first,
                        Before = message.End,
                        Completed = done,
                    },
                    cancellationToken);
                messages++;
            }

            await steps.TakeAsync((_, done) => new NoteMerged { To = due[^1].End, Completed = done }, cancellationToken);
        }
    }

    private static List<(string ThreadId, long Ord, long? BeforeFirst, long End)> Due(StoreConnection store, long before)
    {
        var due = new List<(string, long, long?, long)>();
        var rows = store.Get(EventLog.Finalized).Bind(1, store.Get("SELECT mergedTo FROM store").Number()).Bind(2, before).Bind(3, BatchMessages);
        while (rows.Step())
        {
            var (end, threadId, ord) = (rows.Int64(0), rows.Text(1), rows.Int64(2));
            // A message of one chunk has nothing to merge.
            due.Add((threadId, ord, rows.Int64(3) > 1 ? BeforeFirst(store, threadId, end, ord) : null, end));
        }

        return due;
    }

    private static long? BeforeFirst(StoreConnection store, string threadId, long end, long ord) =>
        store.Get(EventLog.BeforeFirstChunk).Bind(1, threadId).Bind(2, end).Bind(3, ord).Number();
}
