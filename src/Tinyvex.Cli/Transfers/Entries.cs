using System.Buffers;
using System.Text.Json;

namespace Tinyvex.Cli.Transfers;

/// <summary>Writes entries.</summary>
internal static class Entries
{
    public static Entry Update(long? ts, ReadOnlyMemory<byte> update) => new(ts, "update", update);

    public static Entry Update(long? ts, string kind, Action<Utf8JsonWriter> fields) => new(ts, "update", Object(json =>
    {
        json.WriteString("sessionUpdate"u8, kind);
        fields(json);
    }));

    /// <summary>Text as one chunk of a message.</summary>
    public static Entry Text(long? ts, string kind, string text) => Update(ts, kind, json =>
    {
        json.WriteStartObject("content"u8);
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    });

    /// <summary>A content block as one chunk of a message.</summary>
    public static Entry Block(long? ts, string kind, JsonElement block) => Update(ts, kind, json => Raw(json, "content", block));

    public static Entry Finalize(long? ts) => new(ts, "finalize", "true"u8.ToArray());

    /// <param name="prompt">ACP content blocks.</param>
    public static Entry Begin(long? ts, string runId, string? agent, ReadOnlyMemory<byte> prompt) => new(ts, "begin", Object(json =>
    {
        json.WriteString("runId"u8, runId);
        if (agent is not null) json.WriteString("agent"u8, agent);
        json.WritePropertyName("prompt"u8);
        json.WriteRawValue(prompt.Span, skipInputValidation: true);
    }));

    /// <param name="error">The error as <c>tvx.import</c> takes it.</param>
    public static Entry End(long? ts, string runId, string status, string? stopReason, ReadOnlyMemory<byte>? error = null) => new(ts, "end", Object(json =>
    {
        json.WriteString("runId"u8, runId);
        json.WriteString("status"u8, status);
        json.WriteString("stopReason"u8, stopReason);
        if (error is not { } why) return;
        json.WritePropertyName("error"u8);
        json.WriteRawValue(why.Span, skipInputValidation: true);
    }));

    /// <summary>A turn whose end the source does not hold.</summary>
    public static Entry CutOff(long? ts, string runId) => End(ts, runId, "failed", null, Error("what was imported ends in the middle of the turn"));

    /// <summary>An error as a run has it.</summary>
    public static ReadOnlyMemory<byte> Error(string message, Action<Utf8JsonWriter>? data = null) => Object(json =>
    {
        json.WriteString("code"u8, "agent_error"u8);
        json.WriteString("message"u8, message);
        if (data is null) return;
        json.WritePropertyName("data"u8);
        data(json);
    });

    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> fields) => Json(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options)) write(json);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes a value as it came: it need not be writable text, a cut surrogate pair say.</summary>
    public static void Raw(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }

    /// <summary>The same, unless it is missing or null.</summary>
    public static void RawOf(Utf8JsonWriter json, string name, JsonElement of)
    {
        if (of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) Raw(json, name, value);
    }

    public static byte[] Copy(JsonElement value) => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).ToArray();
}
