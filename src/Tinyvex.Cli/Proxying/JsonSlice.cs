using System.Text;
using System.Text.Json;

namespace Tinyvex.Cli.Proxying;

/// <summary>A value within a line, as the bytes it was written in; empty where there is none.</summary>
internal readonly record struct JsonSlice(ReadOnlyMemory<byte> Bytes)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonText.MaxDepth };

    public bool IsMissing => Bytes.IsEmpty;

    public bool IsObject => Starts((byte)'{');

    public bool IsArray => Starts((byte)'[');

    /// <summary>The text of a string; null where it is none.</summary>
    public string? Text
    {
        get
        {
            if (!Starts((byte)'"')) return null;
            var inner = Bytes[1..^1].Span;
            return Encoding.UTF8.GetString(JsonText.Unescape(inner, inner.Contains((byte)'\\')).Span);
        }
    }

    /// <summary>The member of an object; of several of one name the last.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public JsonSlice Member(ReadOnlySpan<byte> name)
    {
        if (!IsObject) return default;
        var found = default(JsonSlice);
        var reader = new Utf8JsonReader(Bytes.Span, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            var value = Value(ref reader, Bytes);
            if (isIt) found = value;
        }

        return found;
    }

    /// <summary>Writes it under a name.</summary>
    public void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(Bytes.Span, skipInputValidation: true);
    }

    /// <summary>The value that the reader comes to next, which it is left behind of.</summary>
    public static JsonSlice Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonSlice(json[start..(int)reader.BytesConsumed]);
    }

    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);

    private bool Starts(byte first) => !Bytes.IsEmpty && Bytes.Span[0] == first;
}
