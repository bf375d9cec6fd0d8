using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>What the client said to a permission request: an option, or that the turn is cancelled.</summary>
internal readonly record struct PermissionReply(string? OptionId, bool IsCancelled)
{
    public static PermissionReply Read(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.Object
            || !result.TryGetProperty("outcome"u8, out var outcome) || outcome.ValueKind != JsonValueKind.Object)
            return default;

        var option = outcome.TryGetProperty("optionId"u8, out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString() : null;
        var cancelled = outcome.TryGetProperty("outcome"u8, out var kind)
            && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("cancelled"u8);
        return new PermissionReply(option, cancelled);
    }
}
