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
    private readonly FrameBuilder _frame = new();
    private readonly Cursor _cursor = Cursor.At(identity, 0);

    public static StreamSet StreamOf(Change change) => change switch
    {
        MessageChunk or MessageFinalized => StreamSet.Messages,
        ThreadChanged or ThreadDeleted => StreamSet.Threads,
        ToolCallChanged => StreamSet.ToolCalls,
        PlanChanged => StreamSet.Plan,
        StateChanged => StreamSet.State,
        RunChanged => StreamSet.Runs,
        PermissionChanged => StreamSet.Permissions,
        _ => throw new UnreachableException(),
    };

    /// <summary>The frame, WebSocket header included; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Encode(Change change)
    {
        var json = _frame.Begin();
        json.WriteStartObject();
        switch (change)
        {
            case MessageChunk chunk:
                WriteChunk(json, chunk);
                break;
            case MessageFinalized final:
                json.WriteString("type"u8, "tinyvex.finalize"u8);
                json.WriteString("stream"u8, "messages"u8);
                WriteMessage(json, final.ThreadId, final.ItemId, final.Kind, final.Role);
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
            default:
                throw new UnreachableException();
        }

        Span<byte> cursor = stackalloc byte[Cursor.Length];
        (_cursor with { Position = change.Position }).Encode(cursor);
        json.WriteString("cursor"u8, cursor);
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

    private static void WriteMessage(Utf8JsonWriter json, string threadId, string itemId, string kind, string? role)
    {
        json.WriteString("threadId"u8, threadId);
        json.WriteString("itemId"u8, itemId);
        json.WriteString("kind"u8, kind);
        json.WriteString("role"u8, role);
    }

    private static void WriteChunk(Utf8JsonWriter json, MessageChunk chunk)
    {
        json.WriteString("type"u8, "tinyvex.update"u8);
        json.WriteString("stream"u8, "messages"u8);
        WriteMessage(json, chunk.ThreadId, chunk.ItemId, chunk.Kind, chunk.Role);
        json.WriteNumber("order"u8, chunk.Ord);
        json.WriteNumber("seq"u8, chunk.Seq);
        json.WriteNumber("fromSeq"u8, chunk.Seq);
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
