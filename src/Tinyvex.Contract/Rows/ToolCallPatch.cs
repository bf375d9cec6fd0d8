namespace Tinyvex.Contract.Rows;

/// <summary>A tool call in an update. <c>content</c>, <c>rawInput</c> and <c>rawOutput</c> are absent where they are unchanged.</summary>
public sealed record ToolCallPatch
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

    public IReadOnlyList<ToolCallContent>? Content { get; init; }

    public required IReadOnlyList<ToolCallLocation>? Locations { get; init; }

    public JsonElement? RawInput { get; init; }

    public JsonElement? RawOutput { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
