using System.Buffers;
using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>The messages that are in no recording.</summary>
internal static class Replies
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;
    public const int ResourceNotFound = -32002;

    private static ReadOnlySpan<byte> NoId => "null"u8;

    /// <summary>Answers with an error. The id is JSON; it is empty where the request's could not be read.</summary>
    public static void WriteError(this MessageWriter writer, ReadOnlySpan<byte> id, int code, string message)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = Begin(line))
        {
            WriteId(json, id);
            json.WriteStartObject("error"u8);
            json.WriteNumber("code"u8, code);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        writer.WriteLine(line.WrittenSpan);
    }

    public static void WriteStopReason(this MessageWriter writer, ReadOnlySpan<byte> id, ReadOnlySpan<byte> stopReason)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = Begin(line))
        {
            WriteId(json, id);
            json.WriteStartObject("result"u8);
            json.WriteString("stopReason"u8, stopReason);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        writer.WriteLine(line.WrittenSpan);
    }

    public static void WriteToolCallFailed(this MessageWriter writer, ReadOnlySpan<byte> session, string toolCallId)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = BeginUpdate(line, session))
        {
            json.WriteString("sessionUpdate"u8, "tool_call_update"u8);
            json.WriteString("toolCallId"u8, toolCallId);
            json.WriteString("status"u8, "failed"u8);
            EndUpdate(json);
        }

        writer.WriteLine(line.WrittenSpan);
    }

    public static void WriteAgentText(this MessageWriter writer, ReadOnlySpan<byte> session, string text)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = BeginUpdate(line, session))
        {
            json.WriteString("sessionUpdate"u8, "agent_message_chunk"u8);
            json.WriteStartObject("content"u8);
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
            EndUpdate(json);
        }

        writer.WriteLine(line.WrittenSpan);
    }

    private static Utf8JsonWriter Begin(ArrayBufferWriter<byte> line)
    {
        var json = new Utf8JsonWriter(line);
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        return json;
    }

    private static void WriteId(Utf8JsonWriter json, ReadOnlySpan<byte> id)
    {
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id.IsEmpty ? NoId : id);
    }

    private static Utf8JsonWriter BeginUpdate(ArrayBufferWriter<byte> line, ReadOnlySpan<byte> session)
    {
        var json = Begin(line);
        json.WriteString("method"u8, "session/update"u8);
        json.WriteStartObject("params"u8);
        json.WritePropertyName("sessionId"u8);
        json.WriteRawValue(session);
        json.WriteStartObject("update"u8);
        return json;
    }

    private static void EndUpdate(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
