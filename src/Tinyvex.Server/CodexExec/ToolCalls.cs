using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.CodexExec;

/// <summary>The tool calls of a turn: each is told whole the first time, and as a change from then on.</summary>
/// <param name="turn">What the ids of the turn begin with.</param>
internal sealed class ToolCalls(UpdateWriter updates, string turn)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public void Send(string id, string title, string kind, string status, Action<Utf8JsonWriter> writeRest)
    {
        var callId = turn + id;
        if (status == "in_progress") _open.Add(callId);
        else _open.Remove(callId);
        updates.Send(_told.Add(callId) ? "tool_call" : "tool_call_update", json =>
        {
            json.WriteString("toolCallId"u8, callId);
            json.WriteString("title"u8, title);
            json.WriteString("kind"u8, kind);
            json.WriteString("status"u8, status);
            writeRest(json);
        });
    }

    /// <summary>A change of a call that was told before.</summary>
    public void Update(string id, string status, Action<Utf8JsonWriter> writeRest)
    {
        _open.Remove(turn + id);
        updates.Send("tool_call_update", json =>
        {
            json.WriteString("toolCallId"u8, turn + id);
            json.WriteString("status"u8, status);
            writeRest(json);
        });
    }

    /// <summary>Ends what was begun and will not go on.</summary>
    public void EndOpen()
    {
        foreach (var callId in _open)
        {
            updates.Send("tool_call_update", json =>
            {
                json.WriteString("toolCallId"u8, callId);
                json.WriteString("status"u8, "failed"u8);
            });
        }

        _open.Clear();
    }

    public static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "content"u8);
        json.WritePropertyName("content"u8);
        UpdateWriter.WriteTextBlock(json, text);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>What a tool of MCP has answered. Its blocks are ACP's, by design.</summary>
    public static void WriteBlocks(Utf8JsonWriter json, JsonElement result)
    {
        json.WriteStartArray("content"u8);
        foreach (var block in result.Items("content"))
        {
            if (block.Text("type") is not ("text" or "image" or "audio" or "resource" or "resource_link")) continue;
            json.WriteStartObject();
            json.WriteString("type"u8, "content"u8);
            json.WritePropertyName("content"u8);
            json.WriteRawValue(block.GetRawText(), skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
