using System.Text.Json;

namespace Tinyvex.Policies;

/// <summary>
/// The option that a policy chooses of those an agent offers: yes for once, and only where there is no such one yes for ever, after which the
/// agent asks no more and a stricter policy comes too late.
/// </summary>
internal static class AllowingOption
{
    public static string? Of(ReadOnlyMemory<byte> options)
    {
        using var document = JsonDocument.Parse(options, JsonText.DocumentOptions);
        return First(document.RootElement, "allow_once"u8) ?? First(document.RootElement, "allow_always"u8);
    }

    private static string? First(JsonElement options, ReadOnlySpan<byte> kind)
    {
        foreach (var option in options.EnumerateArray())
        {
            if (option.ValueKind == JsonValueKind.Object
                && option.TryGetProperty("kind"u8, out var given) && given.ValueKind == JsonValueKind.String && given.ValueEquals(kind)
                && option.TryGetProperty("optionId"u8, out var id) && id.ValueKind == JsonValueKind.String && !JsonText.HasLoneSurrogate(id)) return id.GetString();
        }

        return null;
    }
}
