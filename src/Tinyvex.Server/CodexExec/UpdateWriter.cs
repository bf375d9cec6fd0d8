using System.Buffers;
using System.Text.Json;
using Tinyvex.Replaying;

namespace Tinyvex.CodexExec;

/// <summary>Writes session updates.</summary>
internal sealed class UpdateWriter(MessageWriter writer, string sessionId)
{
    public const string Message = "agent_message_chunk";
    public const string Thought = "agent_thought_chunk";

    public void Send(string kind, Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WriteString("method"u8, "session/update"u8);
            json.WriteStartObject("params"u8);
            json.WriteString("sessionId"u8, sessionId);
            json.WriteStartObject("update"u8);
            json.WriteString("sessionUpdate"u8, kind);
            write(json);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        writer.WriteLine(line.WrittenSpan);
    }

    /// <param name="kind"><see cref="Message"/> or <see cref="Thought"/>.</param>
    public void SendText(string kind, string messageId, string text)
    {
        if (text.Length == 0) return;
        Send(kind, json =>
        {
            json.WriteString("messageId"u8, messageId);
            json.WritePropertyName("content"u8);
            WriteTextBlock(json, text);
        });
    }

    public static void WriteTextBlock(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }
}
