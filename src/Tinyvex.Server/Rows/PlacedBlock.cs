using System.Buffers;
using System.Text.Json;

namespace Tinyvex.Rows;

/// <summary>An ACP content block that is not text, and the byte offset in the message's text at which it stands.</summary>
internal readonly record struct PlacedBlock(long At, ReadOnlyMemory<byte> Block)
{
    public static List<PlacedBlock> ReadAll(ReadOnlyMemory<byte>? json)
    {
        var blocks = new List<PlacedBlock>();
        if (json is not { } memory) return blocks;
        using var document = JsonDocument.Parse(memory, JsonText.DocumentOptions);
        foreach (var item in document.RootElement.EnumerateArray())
        {
            blocks.Add(new PlacedBlock(item.GetProperty("at"u8).GetInt64(), memory.Slice(item.GetProperty("block"u8))));
        }

        return blocks;
    }

    /// <summary>The stored form, or null where there is no such block.</summary>
    public static ReadOnlyMemory<byte>? Stored(List<PlacedBlock> blocks)
    {
        if (blocks.Count == 0) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartArray();
            foreach (var (at, block) in blocks)
            {
                json.WriteStartObject();
                json.WriteNumber("at"u8, at);
                json.WritePropertyName("block"u8);
                json.WriteRawValue(block.Span, skipInputValidation: true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The whole message as ACP content blocks, text between the others.</summary>
    public static ReadOnlyMemory<byte> Content(ReadOnlySpan<byte> text, List<PlacedBlock> blocks)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartArray();
            var from = 0;
            foreach (var (at, block) in blocks)
            {
                WriteText(json, text[from..(int)at]);
                json.WriteRawValue(block.Span, skipInputValidation: true);
                from = (int)at;
            }

            WriteText(json, text[from..]);
            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return;
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }
}
