using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tinyvex;

internal static class JsonWriting
{
    /// <summary>
    /// Relaxed escaping: frames are data for JSON parsers, never HTML, and text of any language stays as short as it is. Not
    /// validated, since every writer of frames is ours and tested.
    /// </summary>
    public static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = JsonText.MaxDepth + 16,
    };

    /// <summary>A JSON array, as bytes.</summary>
    public static ReadOnlyMemory<byte> Array(Action<Utf8JsonWriter> writeElements)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            writeElements(json);
            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }
}
