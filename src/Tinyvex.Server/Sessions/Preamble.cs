using System.Buffers;
using System.Text;
using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Sessions;

/// <summary>
/// What was said in a thread, as one block of text for an agent that does not know of it: where its old session could not be taken up, or was
/// another agent's. The newest is kept where it is too much.
/// </summary>
internal static class Preamble
{
    /// <summary>UTF-8 bytes of all: some eight thousand tokens, which every model has room for beside a prompt.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Of a message that does not fit as a whole less than this says nothing.</summary>
    private const int MinPiece = 200;

    /// <summary>Messages and tool calls looked at: short ones alone do not make it slow.</summary>
    private const int MaxItems = 500;

    private const string ToolCallsBefore =
        $"SELECT ord, title, status FROM acp_tool_calls WHERE threadId = ?1 AND ord < ?2 AND {ThreadRow.IsThere} ORDER BY ord DESC LIMIT ?3";

    private const string Beginning = "This conversation began in an earlier session that you do not have. Here is what was said in it, oldest first";

    private const string LeftOut = "; its beginning is left out";

    private const string EndOfBeginning = ". Take it as known, and answer what follows it.\n\n";

    /// <summary>An ACP text block, or null where nothing was said.</summary>
    /// <param name="before">The first order in the thread that is no part of it.</param>
    public static ReadOnlyMemory<byte>? Read(StoreConnection store, string threadId, long before)
    {
        var items = Items(store, threadId, before);
        if (items.Count == 0) return null;
        var pieces = new List<string>();
        var left = MaxBytes;
        var whole = items.Count < MaxItems;
        foreach (var (label, text) in items)
        {
            var size = Encoding.UTF8.GetByteCount(label) + Encoding.UTF8.GetByteCount(text) + 4;
            if (size <= left)
            {
                pieces.Add($"{label}{text}\n\n");
                left -= size;
                continue;
            }

            whole = false;
            if (left > MinPiece) pieces.Add($"{label}…{End(text, left - label.Length - 8)}\n\n");
            break;
        }

        pieces.Reverse();
        return Block(Beginning + (whole ? "" : LeftOut) + EndOfBeginning + string.Concat(pieces));
    }

    /// <summary>Newest first.</summary>
    private static List<(string Label, string Text)> Items(StoreConnection store, string threadId, long before)
    {
        var items = new List<(long Ord, string Label, string Text)>();
        var bytes = 0L;
        var messages = store.Get(MessageRow.ListBefore).Bind(1, threadId).Bind(2, before).Bind(3, MaxItems);
        while (bytes < MaxBytes && messages.Step())
        {
            var message = MessageRow.Read(messages);
            // Thoughts are the other agent's own.
            if (message.Role is not { } role) continue;
            var blocks = string.Concat(message.Blocks.Select(block => $" [{TypeOf(block.Block)}]"));
            var text = Encoding.UTF8.GetString(message.Text.Span) + blocks;
            bytes += message.Text.Length;
            if (text.Length > 0) items.Add((message.Ord, role == "user" ? "User: " : "You: ", text));
        }

        messages.Reset();
        var from = bytes >= MaxBytes && items.Count > 0 ? items[^1].Ord : 0;
        var calls = store.Get(ToolCallsBefore).Bind(1, threadId).Bind(2, before).Bind(3, MaxItems);
        while (calls.Step())
        {
            if (calls.Int64(0) < from) break;
            items.Add((calls.Int64(0), "Tool call: ", $"{calls.NullableText(1) ?? "without a title"} ({calls.NullableText(2) ?? "pending"})"));
        }

        calls.Reset();
        return [.. items.OrderByDescending(item => item.Ord).Take(MaxItems).Select(item => (item.Label, item.Text))];
    }

    private static string TypeOf(ReadOnlyMemory<byte> block)
    {
        using var document = JsonDocument.Parse(block, JsonText.DocumentOptions);
        return document.RootElement.Text("type") ?? "block";
    }

    /// <summary>The end of a text, of at most so many UTF-8 bytes, that begins with a whole character.</summary>
    private static string End(string text, int maxBytes)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var start = Math.Max(0, bytes.Length - maxBytes);
        while (start < bytes.Length && (bytes[start] & 0xC0) == 0x80) start++;
        return Encoding.UTF8.GetString(bytes.AsSpan(start));
    }

    private static ReadOnlyMemory<byte> Block(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text);
            json.WriteStartObject("_meta"u8);
            json.WriteBoolean("tinyvex.preamble"u8, true);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
