using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>Content blocks of the Anthropic API as those of ACP.</summary>
internal static class ClaudeBlocks
{
    public static void Text(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    /// <summary>A text or an image; an image that is elsewhere is named.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement block)
    {
        if (block.Text("type") != "image" || !block.TryGetProperty("source"u8, out var source) || source.Text("data") is not { } data)
        {
            Text(json, block.Text("text") ?? "(an image)");
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "image"u8);
        json.WriteString("data"u8, data);
        json.WriteString("mimeType"u8, source.Text("media_type") ?? "image/png");
        json.WriteEndObject();
    }
}
