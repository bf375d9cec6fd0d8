using System.Text;
using System.Text.Json;

namespace Tinyvex.Bench.Load;

/// <summary>What one client was told of a thread's messages, put together as a client does it.</summary>
internal sealed class Transcript
{
    private readonly Dictionary<string, StringBuilder> _messages = new(StringComparer.Ordinal);

    /// <summary>Updates that are in it, each of which has a mark.</summary>
    public long Updates { get; private set; }

    /// <summary>The texts of all messages, each of which begins with its number.</summary>
    public string Text => string.Concat(_messages.Values.Select(message => message.ToString()).Order(StringComparer.Ordinal));

    public void Take(ReadOnlySpan<byte> json)
    {
        if (!json.StartsWith("{\"type\":\"tinyvex.update\",\"stream\":\"messages\""u8)) return;
        var reader = new Utf8JsonReader(json);
        string? itemId = null;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("itemId"u8))
            {
                reader.Read();
                itemId = reader.GetString()!;
            }
            else if (reader.ValueTextEquals("append"u8))
            {
                reader.Read();
                if (!_messages.TryGetValue(itemId!, out var text)) _messages.Add(itemId!, text = new StringBuilder());
                text.Append(reader.GetString());
                Updates += reader.ValueSpan.Count(Chunk.Mark);
                return;
            }
        }
    }

    /// <exception cref="IOException">It is not the same as what the thread holds.</exception>
    public void Require(string text)
    {
        if (Text != text) throw new IOException($"a client ended with {Text.Length} characters that are not the thread's {text.Length}");
    }
}
