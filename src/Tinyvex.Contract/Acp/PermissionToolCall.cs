namespace Tinyvex.Contract.Acp;

/// <summary>The tool call that a permission is asked for: what the agent said of it in its request.</summary>
public sealed record PermissionToolCall : AcpValue
{
    public required string ToolCallId { get; init; }

    public string? Title { get; init; }

    [ValuesOf(typeof(ToolKind))]
    public string? Kind { get; init; }

    [ValuesOf(typeof(ToolCallStatus))]
    public string? Status { get; init; }

    public IReadOnlyList<ToolCallContent>? Content { get; init; }

    public IReadOnlyList<ToolCallLocation>? Locations { get; init; }

    public JsonElement? RawInput { get; init; }

    public JsonElement? RawOutput { get; init; }
}
