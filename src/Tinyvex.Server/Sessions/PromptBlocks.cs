using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>Makes of a prompt what its agent can take. Text and links every agent can.</summary>
/// <remarks>https://agentclientprotocol.com/protocol/v1/content</remarks>
internal static class PromptBlocks
{
    /// <summary>
    /// The blocks as they are, but that the text of an embedded resource becomes a block of text where the agent takes no such resources.
    /// </summary>
    /// <exception cref="TinyvexException"><c>unsupported</c>: nothing can be made of one, and to leave it out would change what was asked.</exception>
    public static ReadOnlyMemory<byte> Fit(ReadOnlyMemory<byte> prompt, AgentFacts facts, string agent)
    {
        using var document = JsonDocument.Parse(prompt, JsonText.DocumentOptions);
        foreach (var block in document.RootElement.EnumerateArray()) Check(block, facts, agent);
        if (facts.TakesEmbeddedContext || !document.RootElement.EnumerateArray().Any(IsResource)) return prompt;
        return JsonWriting.Array(json =>
        {
            foreach (var block in document.RootElement.EnumerateArray())
            {
                if (IsResource(block)) WriteAsText(json, block.GetProperty("resource"u8));
                else json.WriteRawValue(prompt.Slice(block).Span, skipInputValidation: true);
            }
        });
    }

    /// <summary>A block in front of others.</summary>
    public static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> others)
    {
        using var document = JsonDocument.Parse(others, JsonText.DocumentOptions);
        return JsonWriting.Array(json =>
        {
            json.WriteRawValue(first.Span, skipInputValidation: true);
            foreach (var block in document.RootElement.EnumerateArray()) json.WriteRawValue(others.Slice(block).Span, skipInputValidation: true);
        });
    }

    private static void Check(JsonElement block, AgentFacts facts, string agent)
    {
        var type = JsonText.Text(block.GetProperty("type"u8));
        var taken = type switch
        {
            "image" => facts.TakesImages,
            "audio" => facts.TakesAudio,
            "resource" => facts.TakesEmbeddedContext || (IsResource(block) && block.GetProperty("resource"u8).TryGetProperty("text"u8, out var text)
                && text.ValueKind == JsonValueKind.String),
            _ => true,
        };
        if (taken) return;
        throw new TinyvexException(ErrorCode.Unsupported, type switch
        {
            "image" => $"agent '{agent}' takes no images in a prompt",
            "audio" => $"agent '{agent}' takes no audio in a prompt",
            _ => $"agent '{agent}' takes no files in a prompt that are not text; send a resource_link",
        });
    }

    private static bool IsResource(JsonElement block) => block.TryGetProperty("type"u8, out var type) && type.ValueEquals("resource"u8)
        && block.TryGetProperty("resource"u8, out var resource) && resource.ValueKind == JsonValueKind.Object;

    private static void WriteAsText(Utf8JsonWriter json, JsonElement resource)
    {
        var uri = resource.Text("uri") ?? "a file";
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, $"<context ref=\"{uri}\">\n{JsonText.Text(resource.GetProperty("text"u8))}\n</context>\n");
        json.WriteEndObject();
    }
}
