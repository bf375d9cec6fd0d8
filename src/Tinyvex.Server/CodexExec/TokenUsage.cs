using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.CodexExec;

/// <summary>What codex has used, in tokens, over the whole conversation.</summary>
internal sealed record TokenUsage(long Input, long CachedInput, long Output, long Reasoning)
{
    public static TokenUsage? Read(JsonElement usage) => usage.Number("input_tokens") is { } input
        ? new TokenUsage(input, usage.Number("cached_input_tokens") ?? 0, usage.Number("output_tokens") ?? 0, usage.Number("reasoning_output_tokens") ?? 0)
        : null;

    /// <summary>As the answer to a prompt has it.</summary>
    public void WriteForPrompt(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("totalTokens"u8, Input + Output);
        json.WriteNumber("inputTokens"u8, Input);
        json.WriteNumber("outputTokens"u8, Output);
        json.WriteNumber("thoughtTokens"u8, Reasoning);
        json.WriteNumber("cachedReadTokens"u8, CachedInput);
        json.WriteEndObject();
    }
}
