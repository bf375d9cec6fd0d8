namespace Tinyvex.Contract.Rows;

/// <summary>A message that a search found.</summary>
public sealed record FoundMessageRow
{
    public required string ThreadId { get; init; }

    public required string ItemId { get; init; }

    /// <summary>Its place in the thread: given once, and growing.</summary>
    public required long Order { get; init; }

    /// <summary>Null for a thought.</summary>
    public required Role? Role { get; init; }

    public required MessageKind Kind { get; init; }

    /// <summary>Some 200 bytes of the text, with <c>…</c> where it was cut.</summary>
    public required string Snippet { get; init; }

    /// <summary>Where the words stand in <c>snippet</c>: start and length in UTF-16 units.</summary>
    [TupleOf(2)]
    public required IReadOnlyList<IReadOnlyList<long>> Highlights { get; init; }

    /// <summary>Larger is better.</summary>
    public required double Rank { get; init; }

    public required long Ts { get; init; }
}
