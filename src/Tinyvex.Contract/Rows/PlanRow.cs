namespace Tinyvex.Contract.Rows;

/// <summary>The plan of a thread, whole.</summary>
public sealed record PlanRow
{
    public required string ThreadId { get; init; }

    public required IReadOnlyList<PlanEntry> Entries { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
