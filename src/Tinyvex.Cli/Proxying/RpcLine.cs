using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Tinyvex.Cli.Proxying;

/// <summary>A message of JSON-RPC, its parts as they stand in the line.</summary>
/// <param name="Method">Null in an answer.</param>
internal readonly record struct RpcLine(string? Method, JsonSlice Id, JsonSlice Params, JsonSlice Result, JsonSlice Error)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonText.MaxDepth };

    /// <summary>The id as text by which an answer finds its request; two ways to write one id are two, as nobody writes an id anew.</summary>
    public string Key => Id.ToString();

    /// <summary>A line for the store: what is no UTF-8 cannot travel on as text, and is worth more mended than left out.</summary>
    public static byte[] AsText(byte[] line) => Utf8.IsValid(line) ? line : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line));

    /// <returns>False where the line is no JSON-RPC, which is nobody's fault: agents print banners.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> line, out RpcLine message)
    {
        message = default;
        try
        {
            var reader = new Utf8JsonReader(line.Span, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("method"u8)) message = message with { Method = JsonSlice.Value(ref reader, line).Text };
                else if (reader.ValueTextEquals("id"u8)) message = message with { Id = JsonSlice.Value(ref reader, line) };
                else if (reader.ValueTextEquals("params"u8)) message = message with { Params = JsonSlice.Value(ref reader, line) };
                else if (reader.ValueTextEquals("result"u8)) message = message with { Result = JsonSlice.Value(ref reader, line) };
                else if (reader.ValueTextEquals("error"u8)) message = message with { Error = JsonSlice.Value(ref reader, line) };
                else JsonSlice.Value(ref reader, line);
            }

            return true;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
