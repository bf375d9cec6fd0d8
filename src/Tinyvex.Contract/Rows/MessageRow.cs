namespace Tinyvex.Contract.Rows;

/// <summary>What was said or thought. It is known by its <c>itemId</c>.</summary>
public sealed record MessageRow
{
    public required long Id { get; init; }

    public required string ThreadId { get; init; }

    public required string ItemId { get; init; }

    /// <summary>Its place in the thread: given once, and growing.</summary>
    public required long Order { get; init; }

    /// <summary>Null for a thought.</summary>
    public required Role? Role { get; init; }

    public required MessageKind Kind { get; init; }

    public required string Text { get; init; }

    /// <summary>All of the message in order; only where it holds more than text.</summary>
    public IReadOnlyList<ContentBlock>? Content { get; init; }

    /// <summary>While true it may grow.</summary>
    public required bool Partial { get; init; }

    /// <summary>The number of the last chunk in <c>text</c>, from 1 on.</summary>
    public required long Seq { get; init; }

    /// <summary>The length of the whole text in bytes of UTF-8, also where it was cut.</summary>
    public required long TextLen { get; init; }

    /// <summary>When it began.</summary>
    public required long Ts { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
