namespace Tinyvex.Contract.Rows;

/// <summary>An update of the agent as it was received.</summary>
public sealed record EventRow
{
    /// <summary>Its place in the log, to go on after.</summary>
    public required string Cursor { get; init; }

    public required long Ts { get; init; }

    /// <summary>The <c>sessionUpdate</c> of <c>update</c>.</summary>
    public required string Kind { get; init; }

    public required SessionUpdate Update { get; init; }

    /// <summary>How many chunks it stands for, where old ones were merged: <c>update</c> has the text of all, <c>cursor</c> and <c>ts</c> are the last one's.</summary>
    public long? Merged { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
