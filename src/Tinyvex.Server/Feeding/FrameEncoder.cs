using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Tinyvex.Protocol;
using Tinyvex.Rows;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Feeding;

/// <summary>Turns a change into its frame, a pure function of the two (docs/protocol.md, "Updates"). Used by one thread at a time.</summary>
internal sealed class FrameEncoder(StoreIdentity identity) : IDisposable
{
    /// <summary>Messages written at the same time, as far as they gain from being remembered; 256 bytes each.</summary>
    private const int MaxBeginnings = 256;

    private readonly FrameBuilder _frame = new();
    private readonly Dictionary<MessageIdentity, byte[]> _beginnings = new(ReferenceEqualityComparer.Instance);
    private readonly Cursor _cursor = Cursor.At(identity, 0);

    public static StreamSet StreamOf(Change change) => change switch
    {
        MessageChunk or MessageFinalized => StreamSet.Messages,
        ThreadChanged => StreamSet.Threads,
        ThreadDeleted => StreamSet.Deleted,
        ToolCallChanged => StreamSet.ToolCalls,
        PlanChanged => StreamSet.Plan,
        StateChanged => StreamSet.State,
        RunChanged => StreamSet.Runs,
        PermissionChanged => StreamSet.Permissions,
        TerminalChanged or TerminalPrinted => StreamSet.Terminals,
        ElicitationChanged => StreamSet.Elicitations,
        _ => throw new UnreachableException(),
    };

    /// <summary>The frame of a change that follows all before it, WebSocket header included; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Encode(Change change) => Encode(change, change.Position);

    /// <param name="cursor">Up to where everything has been sent with this frame, or null where that cannot be said.</param>
    public ReadOnlyMemory<byte> Encode(Change change, long? cursor)
    {
        if (change is MessageChunk { Block: null, Append.Length: <= FieldWriter.MaxFieldBytes } text) return EncodeText(text, cursor);
        var json = _frame.Begin();
        json.WriteStartObject();
        switch (change)
        {
            case MessageChunk chunk:
                WriteChunkWithMore(json, chunk);
                break;
            case MessageFinalized final:
                json.WriteString("type"u8, "tinyvex.finalize"u8);
                json.WriteString("stream"u8, "messages"u8);
                WriteMessage(json, final.Message);
                json.WriteNumber("seq"u8, final.Seq);
                json.WriteNumber("textLen"u8, final.TextLen);
                break;
            case ThreadChanged thread:
                Update(json, "threads"u8, null);
                thread.Row.Write(json);
                break;
            case ThreadDeleted deleted:
                json.WriteString("type"u8, "tinyvex.update"u8);
                json.WriteString("stream"u8, "threads"u8);
                json.WriteString("threadId"u8, deleted.ThreadId);
                json.WriteBoolean("deleted"u8, true);
                break;
            case ToolCallChanged toolCall:
                Update(json, "tool_calls"u8, toolCall.ThreadId, toolCall.Row.ToolCallId);
                toolCall.Row.Write(json);
                break;
            case PlanChanged plan:
                Update(json, "plan"u8, plan.ThreadId);
                plan.Row.Write(json);
                break;
            case StateChanged state:
                Update(json, "state"u8, state.ThreadId);
                state.Row.Write(json);
                break;
            case RunChanged run:
                Update(json, "runs"u8, run.ThreadId);
                run.Row.Write(json);
                break;
            case PermissionChanged permission:
                Update(json, "permissions"u8, permission.ThreadId);
                permission.Row.Write(json);
                break;
            case TerminalChanged terminal:
                UpdateTerminal(json, terminal.ThreadId, terminal.Row.TerminalId);
                json.WritePropertyName("row"u8);
                terminal.Row.Write(json);
                break;
            case TerminalPrinted printed:
                UpdateTerminal(json, printed.ThreadId, printed.TerminalId);
                json.WriteNumber("from"u8, printed.From);
                json.WriteString("append"u8, printed.Append.Span);
                json.WriteNumber("outputStart"u8, printed.OutputStart);
                json.WriteNumber("outputLen"u8, printed.OutputLen);
                break;
            case ElicitationChanged elicitation:
                Update(json, "elicitations"u8, elicitation.ThreadId);
                elicitation.Row.Write(json);
                break;
            default:
                throw new UnreachableException();
        }

        if (cursor is { } position)
        {
            Span<byte> utf8 = stackalloc byte[Cursor.Length];
            (_cursor with { Position = position }).Encode(utf8);
            json.WriteString("cursor"u8, utf8);
        }

        json.WriteEndObject();
        return _frame.End();
    }

    public void Dispose() => _frame.Dispose();

    private static void Update(Utf8JsonWriter json, ReadOnlySpan<byte> stream, string? threadId, string? toolCallId = null)
    {
        json.WriteString("type"u8, "tinyvex.update"u8);
        json.WriteString("stream"u8, stream);
        if (threadId is not null) json.WriteString("threadId"u8, threadId);
        if (toolCallId is not null) json.WriteString("toolCallId"u8, toolCallId);
        json.WritePropertyName("row"u8);
    }

    private static void UpdateTerminal(Utf8JsonWriter json, string threadId, string terminalId)
    {
        json.WriteString("type"u8, "tinyvex.update"u8);
        json.WriteString("stream"u8, "terminals"u8);
        json.WriteString("threadId"u8, threadId);
        json.WriteString("terminalId"u8, terminalId);
    }

    private static void WriteMessage(Utf8JsonWriter json, MessageIdentity message)
    {
        json.WriteString("threadId"u8, message.ThreadId);
        json.WriteString("itemId"u8, message.ItemId);
        json.WriteString("kind"u8, message.Kind);
        json.WriteString("role"u8, message.Role);
    }

    /// <summary>
    /// A chunk of text, which nearly all changes are: the beginning is the same in all chunks of a message and is written once, and
    /// what differs is numbers and the text. Takes less than half of the time of the general way.
    /// </summary>
    private ReadOnlyMemory<byte> EncodeText(MessageChunk chunk, long? cursor)
    {
        _frame.Begin();
        _frame.Append(BeginningOf(chunk.Message));
        _frame.Append(chunk.Seq);
        _frame.Append(",\"fromSeq\":"u8);
        _frame.Append(chunk.FromSeq);
        _frame.Append(",\"append\":\""u8);
        _frame.AppendEscaped(chunk.Append.Span);
        _frame.Append("\",\"textLen\":"u8);
        _frame.Append(chunk.TextLen);
        _frame.Append(",\"ts\":"u8);
        _frame.Append(chunk.Ts);
        if (cursor is { } position)
        {
            Span<byte> utf8 = stackalloc byte[Cursor.Length];
            (_cursor with { Position = position }).Encode(utf8);
            _frame.Append(BeforeCursor);
            _frame.Append(utf8);
            _frame.Append("\""u8);
        }

        _frame.Append("}"u8);
        return _frame.End();
    }

    /// <summary>The same frame for one who has not been sent all that came before it; valid until the next call.</summary>
    public ReadOnlyMemory<byte> WithoutCursor(ReadOnlySpan<byte> frame)
    {
        // It is the last field of every frame: "cursor":"…"}
        var end = frame.Length - (BeforeCursor.Length + Cursor.Length + 2);
        Debug.Assert(frame[end..].StartsWith(BeforeCursor), "a frame in a topic ends with its cursor");
        _frame.Begin();
        _frame.Append(frame[FrameBuilder.HeaderSizeOf(frame)..end]);
        _frame.Append("}"u8);
        return _frame.End();
    }

    private static ReadOnlySpan<byte> BeforeCursor => ",\"cursor\":\""u8;

    /// <summary>A chunk's frame up to and with <c>"seq":</c>.</summary>
    private byte[] BeginningOf(MessageIdentity message)
    {
        if (_beginnings.TryGetValue(message, out var beginning)) return beginning;
        if (_beginnings.Count == MaxBeginnings) _beginnings.Clear();
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            WriteChunkBeginning(json, message);
        }

        buffer.Write(",\"seq\":"u8);
        beginning = buffer.WrittenSpan.ToArray();
        _beginnings.Add(message, beginning);
        return beginning;
    }

    private static void WriteChunkBeginning(Utf8JsonWriter json, MessageIdentity message)
    {
        json.WriteString("type"u8, "tinyvex.update"u8);
        json.WriteString("stream"u8, "messages"u8);
        WriteMessage(json, message);
        json.WriteNumber("order"u8, message.Ord);
    }

    /// <summary>A chunk that is a block, or so much text that it is cut.</summary>
    private static void WriteChunkWithMore(Utf8JsonWriter json, MessageChunk chunk)
    {
        WriteChunkBeginning(json, chunk.Message);
        json.WriteNumber("seq"u8, chunk.Seq);
        json.WriteNumber("fromSeq"u8, chunk.FromSeq);
        var fields = new FieldWriter(json, whole: false);
        fields.Utf8Text("append"u8, chunk.Append.Span);
        if (chunk.Block is { } block)
        {
            // A list, as in the message's row: merged updates may carry several.
            var content = new byte[block.Length + 2];
            content[0] = (byte)'[';
            block.CopyTo(content.AsMemory(1));
            content[^1] = (byte)']';
            fields.Raw("content"u8, content);
        }

        json.WriteNumber("textLen"u8, chunk.TextLen);
        json.WriteNumber("ts"u8, chunk.Ts);
        fields.EndRow();
    }
}
