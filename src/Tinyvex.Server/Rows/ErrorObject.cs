using System.Text.Json;

namespace Tinyvex.Rows;

/// <summary>The <c>error</c> of a run: <c>{code,message,data}</c>.</summary>
internal static class ErrorObject
{
    public static ReadOnlyMemory<byte> Write(TinyvexException error)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("code"u8, error.Code.Wire());
            json.WriteString("message"u8, error.Message);
            json.WritePropertyName("data"u8);
            json.WriteRawValue(error.DataJson ?? "null", skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
