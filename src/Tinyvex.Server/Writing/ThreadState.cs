using Tinyvex.Rows;

namespace Tinyvex.Writing;

/// <summary>What the writer keeps in memory of an active thread: its row, and the message that is being written.</summary>
internal sealed class ThreadState(ThreadRow row)
{
    /// <summary>No index in the list of changes.</summary>
    public const int None = -1;

    public ThreadRow Row { get; } = row;

    public OpenMessage? Open { get; set; }

    /// <summary>Where the row's change stands among those of this transaction, once the row has to be saved.</summary>
    public int ChangeIndex { get; set; } = None;

    /// <summary>The event that was kept for the row's change.</summary>
    public long ChangePosition { get; set; }

    public long NextOrd() => ++Row.LastOrd;
}
