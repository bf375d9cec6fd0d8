using System.Collections.Concurrent;

namespace Tinyvex.Tests.Storm;

/// <summary>What all producers sent and what of it was acked: what the store must hold, known without the store.</summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ThreadRecord> _threads = [];
    private readonly List<SentWrite> _deletions = [];
    private readonly List<string> _names = [];
    private int _acks;

    /// <summary>Runs that were acked, and how each ended where that was seen.</summary>
    public ConcurrentDictionary<string, string?> Runs { get; } = new();

    /// <summary>Permissions whose answer was acked.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new();

    /// <summary>What may be there once, a prompt or the title of a thread that was made, with whether it must be.</summary>
    public ConcurrentDictionary<(string Field, string Mark), bool> Once { get; } = new();

    /// <summary>Writes acked so far, by which the storm's time is told.</summary>
    public int Acks => Volatile.Read(ref _acks);

    public void CountAck() => Interlocked.Increment(ref _acks);

    /// <summary>Any thread that was or will be there.</summary>
    public string AnyThread(Random random)
    {
        lock (_lock) return _names[random.Next(_names.Count)];
    }

    public ThreadRecord Add(string threadId, bool isShared = false)
    {
        lock (_lock)
        {
            var record = new ThreadRecord(threadId, isShared);
            if (!_threads.ContainsKey(threadId)) _names.Add(threadId);
            return _threads[threadId] = record;
        }
    }

    /// <summary>A thread that agents write to.</summary>
    public void AddName(string threadId)
    {
        lock (_lock)
        {
            if (!_names.Contains(threadId)) _names.Add(threadId);
        }
    }

    /// <summary>A deletion is on its way; what is sent to the thread from here on is of a new one.</summary>
    public ThreadRecord Deleting(SentWrite deletion)
    {
        lock (_lock)
        {
            _deletions.Add(deletion);
            return _threads[deletion.ThreadId] = new ThreadRecord(deletion.ThreadId, isShared: false);
        }
    }

    /// <summary>The thread of a run is being deleted.</summary>
    public void DeletingOfRuns(SentWrite deletion)
    {
        lock (_lock) _deletions.Add(deletion);
    }

    /// <summary>Whether a cursor may be too old to be followed, as a thread was deleted since.</summary>
    public bool MayReset(string stream, string? threadId, long position)
    {
        lock (_lock)
        {
            return stream != "threads" && _deletions.Exists(one =>
                (threadId is null || one.ThreadId == threadId) && (one.Cursor is not { } cursor || Followed.PositionOf(cursor) > position));
        }
    }

    /// <summary>Compares with what the store holds.</summary>
    public void Check(StoreContents store)
    {
        foreach (var record in _threads.Values) record.Check(store);
        foreach (var ((field, mark), must) in Once)
        {
            if (store.Count(field, mark) is var count && (count > 1 || (must && count == 0))) throw new Contradiction($"the {field} {mark} is there {count} times");
        }

        var deleted = _deletions.Select(one => one.ThreadId).ToHashSet();
        foreach (var (runId, seen) in Runs)
        {
            if (store.Run(runId) is not { } run)
            {
                if (!deleted.Contains(runId.Split(' ')[0])) throw new Contradiction($"run {runId} was acked and is not there");
            }
            else if (run is "queued" or "running" || (seen is not null && seen != run))
            {
                throw new Contradiction($"run {runId} is {run} and was seen {seen}");
            }
        }

        foreach (var (requestId, answer) in Answers)
        {
            if (store.Answer(requestId) is { } stored && stored != answer) throw new Contradiction($"permission {requestId} was answered {answer} and is {stored}");
            if (store.Answer(requestId) is null && !deleted.Contains(requestId.Split(' ')[0])) throw new Contradiction($"permission {requestId} is not there");
        }
    }
}
