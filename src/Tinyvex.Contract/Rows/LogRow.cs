namespace Tinyvex.Contract.Rows;

/// <summary>An event of the log: an update as it was received, or a change of the server's own.</summary>
public sealed record LogRow
{
    /// <summary>Its place in the log, to go on after.</summary>
    public required string Cursor { get; init; }

    public required long Ts { get; init; }

    /// <summary>The <c>sessionUpdate</c> of <c>update</c>, or, with <c>tvx.</c> before it, what the server did.</summary>
    public required string Kind { get; init; }

    /// <summary>Absent where the event is the server's own.</summary>
    public SessionUpdate? Update { get; init; }

    /// <summary>Which row an event of the server's own is about, where it is a run or a permission request.</summary>
    public string? Subject { get; init; }

    /// <summary>How many chunks it stands for, where old ones were merged: <c>update</c> has the text of all, <c>cursor</c> and <c>ts</c> are the last one's.</summary>
    public long? Merged { get; init; }
}
