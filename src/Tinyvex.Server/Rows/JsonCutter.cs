using System.Text.Json;

namespace Tinyvex.Rows;

/// <summary>
/// Writes a shortened copy of a JSON value that is still JSON of the same shape: long strings are cut, and once the budget is
/// spent what follows is left out, so that a client can show the beginning of a large tool result without fetching it.
/// </summary>
internal static class JsonCutter
{
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> value, int budget)
    {
        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        reader.Read();
        WriteValue(json, ref reader, ref budget);
    }

    private static void WriteValue(Utf8JsonWriter json, ref Utf8JsonReader reader, ref int budget)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                json.WriteStartObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = JsonText.Unescape(reader.ValueSpan, reader.ValueIsEscaped);
                    reader.Read();
                    if (budget <= 0 || name.Length > budget)
                    {
                        reader.Skip();
                        continue;
                    }

                    budget -= name.Length;
                    json.WritePropertyName(name.Span);
                    WriteValue(json, ref reader, ref budget);
                }

                json.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                json.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (budget <= 0) reader.Skip();
                    else WriteValue(json, ref reader, ref budget);
                }

                json.WriteEndArray();
                break;
            case JsonTokenType.String:
                var text = Utf8Cut.AtMost(JsonText.Unescape(reader.ValueSpan, reader.ValueIsEscaped).Span, Math.Max(budget, 0));
                budget -= text.Length + 2;
                json.WriteStringValue(text);
                break;
            case JsonTokenType.Number when reader.ValueSpan.Length > budget:
                json.WriteNullValue();
                break;
            default:
                budget -= reader.ValueSpan.Length;
                json.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
