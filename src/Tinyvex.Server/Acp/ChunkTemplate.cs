using System.Text.Json;

namespace Tinyvex.Acp;

/// <summary>A chunk of text without its text: what is the same in all chunks of a message, as an agent writes them.</summary>
internal readonly record struct ChunkTemplate(ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> Behind)
{
    /// <summary>
    /// The template of a chunk, and its text; null where it is none, or its text is no Unicode and so stands in full in its JSON alone.
    /// </summary>
    public static (ChunkTemplate Template, ReadOnlyMemory<byte> Text)? Of(ReadOnlyMemory<byte> raw)
    {
        using var document = JsonDocument.Parse(raw, JsonText.DocumentOptions);
        if (!document.RootElement.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.Object
            || !content.TryGetProperty("type"u8, out var type) || !type.ValueEquals("text"u8)
            || !content.TryGetProperty("text"u8, out var text) || text.ValueKind != JsonValueKind.String
            || JsonText.HasLoneSurrogate(text)) return null;
        var (at, length) = raw.Place(text);
        return (new ChunkTemplate(raw[..at], raw[(at + length)..]), raw.StringUtf8(text));
    }

    /// <summary>The same with a text, as the agent might have said it at once.</summary>
    public byte[] Fill(ReadOnlySpan<byte> text) => [.. Before.Span, .. Quote(text), .. Behind.Span];

    public bool IsSameAs(ChunkTemplate other) => Before.Span.SequenceEqual(other.Before.Span) && Behind.Span.SequenceEqual(other.Behind.Span);

    private static ReadOnlySpan<byte> Quote(ReadOnlySpan<byte> text)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(text.Length + 16);
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options)) json.WriteStringValue(text);
        return buffer.WrittenSpan;
    }
}
