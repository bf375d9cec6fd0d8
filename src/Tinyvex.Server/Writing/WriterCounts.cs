using Tinyvex.Rows;

namespace Tinyvex.Writing;

/// <summary>What the writer has done since the start. Counted by whoever writes, one at a time; read by anyone.</summary>
internal sealed class WriterCounts
{
    private static readonly string[] Ends = [RunStatus.Completed, RunStatus.Cancelled, RunStatus.Failed];

    private readonly long[] _refused = new long[Enum.GetValues<ErrorCode>().Length];
    private readonly long[] _ended = new long[Ends.Length];

    /// <summary>From the beginning of a transaction to its end on the disk, as far as it is waited for, in seconds.</summary>
    public Histogram CommitSeconds { get; } = new(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5);

    /// <summary>Commands of a transaction, up to as many as one may have.</summary>
    public Histogram CommitCommands { get; } = new(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, WriterQueue.MaxBatch);

    public long Commits { get; private set; }

    /// <summary>Transactions that were undone. What was in them is tried again, kept or refused.</summary>
    public long Rollbacks { get; private set; }

    /// <summary>Events added to the log.</summary>
    public long Events { get; private set; }

    /// <summary>Runs that ended, by how.</summary>
    public (string Status, long Runs)[] RunsEnded => [.. Ends.Select((status, i) => (status, Volatile.Read(ref _ended[i])))];

    /// <summary>Commands that were refused with a code.</summary>
    public long Refused(ErrorCode code) => Volatile.Read(ref _refused[(int)code]);

    public void Committed(TimeSpan took, int commands, long events, List<Change?> changes)
    {
        Commits++;
        Events += events;
        CommitSeconds.Record(took.TotalSeconds);
        CommitCommands.Record(commands);
        foreach (var change in changes)
        {
            // A run changes once to a status that is final.
            if (change is RunChanged { Row.Status: var status } && Array.IndexOf(Ends, status) is >= 0 and var end) _ended[end]++;
        }
    }

    public void RolledBack() => Rollbacks++;

    public void Refuse(ErrorCode code) => _refused[(int)code]++;
}
