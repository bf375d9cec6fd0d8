namespace Tinyvex.Contract.Rows;

/// <summary>A tool call, as the agent last told of it. Null is what it did not tell.</summary>
public sealed record ToolCallRow
{
    public required string ThreadId { get; init; }

    public required string ToolCallId { get; init; }

    /// <summary>Its place in the thread: given once, and growing.</summary>
    public required long Order { get; init; }

    public required string? Title { get; init; }

    [ValuesOf(typeof(ToolKind))]
    public required string? Kind { get; init; }

    [ValuesOf(typeof(ToolCallStatus))]
    public required string? Status { get; init; }

    public required IReadOnlyList<ToolCallContent>? Content { get; init; }

    public required IReadOnlyList<ToolCallLocation>? Locations { get; init; }

    public required JsonElement RawInput { get; init; }

    public required JsonElement RawOutput { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
