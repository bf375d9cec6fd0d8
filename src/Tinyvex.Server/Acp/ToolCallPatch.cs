using System.Text.Json;

namespace Tinyvex.Acp;

/// <summary>
/// What an ACP <c>tool_call</c>, <c>tool_call_update</c> or a permission request's <c>toolCall</c> says of a tool call. Null
/// and absent both mean unchanged.
/// </summary>
internal sealed class ToolCallPatch
{
    public required string ToolCallId { get; init; }

    public string? Title { get; init; }

    public string? Kind { get; init; }

    public string? Status { get; init; }

    public ReadOnlyMemory<byte>? Content { get; init; }

    public ReadOnlyMemory<byte>? Locations { get; init; }

    public ReadOnlyMemory<byte>? RawInput { get; init; }

    public ReadOnlyMemory<byte>? RawOutput { get; init; }

    public static ToolCallPatch Parse(ReadOnlyMemory<byte> json, JsonElement element, string of) => new()
    {
        ToolCallId = SessionUpdate.RequiredString(element, "toolCallId", of),
        Title = SessionUpdate.OptionalString(element, "title", of),
        Kind = SessionUpdate.OptionalString(element, "kind", of),
        Status = SessionUpdate.OptionalString(element, "status", of),
        Content = Optional(json, element, "content", of, JsonValueKind.Array),
        Locations = Optional(json, element, "locations", of, JsonValueKind.Array),
        RawInput = Optional(json, element, "rawInput", of, null),
        RawOutput = Optional(json, element, "rawOutput", of, null),
    };

    private static ReadOnlyMemory<byte>? Optional(ReadOnlyMemory<byte> json, JsonElement element, string field, string of, JsonValueKind? kind)
    {
        if (!element.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (kind is { } expected && value.ValueKind != expected) throw TinyvexException.BadRequest($"'{field}' of {of} must be an array");
        return json.Slice(value);
    }
}
