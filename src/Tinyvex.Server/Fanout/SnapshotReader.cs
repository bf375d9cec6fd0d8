using System.Buffers;
using System.Text.Json;
using Tinyvex.Protocol;
using Tinyvex.Queries;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Fanout;

/// <summary>The first answer to a subscription: rows and cursor, read in one read transaction, so that they are of one moment.</summary>
internal static class SnapshotReader
{
    private static ReadOnlySpan<byte> Beginning => "{\"type\":\"tinyvex.snapshot\""u8;

    public static Snapshot Read(StoreConnection store, StoreIdentity identity, Subscription subscription, int limit)
    {
        var position = store.Get(EventLog.Last).Number()!.Value;

        var body = new ArrayBufferWriter<byte>(1_024);
        using var json = new Utf8JsonWriter(body, JsonWriting.Options);
        json.WriteStartObject();
        json.WriteString("type"u8, "tinyvex.snapshot"u8);
        json.WriteString("stream"u8, subscription.Stream);
        if (subscription.ThreadId is { } threadId) json.WriteString("threadId"u8, threadId);
        WriteRows(store, json, subscription, limit);
        json.WriteString("cursor"u8, Cursor.At(identity, position).ToString());
        json.WriteEndObject();
        json.Flush();
        // Each client's own id goes in behind the type, so that the rest is the same for all.
        return new Snapshot(position, body.WrittenMemory[Beginning.Length..]);
    }

    /// <summary>The frame's beginning for one client: its header, its id, and whether it replaces what the client has.</summary>
    public static ReadOnlyMemory<byte> Head(FrameBuilder frame, Snapshot snapshot, ReadOnlyMemory<byte>? id, bool reset)
    {
        frame.Begin();
        frame.Append(Beginning);
        if (id is { } given)
        {
            frame.Append(",\"id\":"u8);
            frame.Append(given.Span);
        }

        if (reset) frame.Append(",\"reset\":true"u8);
        return frame.End(snapshot.Rest.Length);
    }

    private static void WriteRows(StoreConnection store, Utf8JsonWriter json, Subscription subscription, int limit)
    {
        var threadId = subscription.ThreadId;
        switch (subscription.Stream)
        {
            case StreamName.Threads:
                ThreadQueries.Write(store, json, limit, archived: false, page: null);
                break;
            case StreamName.Messages:
                TimelineQueries.WriteMessages(store, json, threadId!, limit, page: null);
                break;
            case StreamName.ToolCalls:
                TimelineQueries.WriteToolCalls(store, json, threadId!, limit, page: null);
                break;
            case StreamName.Plan:
                StateQueries.WritePlan(store, json, threadId!, whole: false);
                break;
            case StreamName.State:
                StateQueries.WriteState(store, json, threadId!, whole: false);
                break;
            case StreamName.Runs:
                TimelineQueries.WriteRuns(store, json, threadId, limit, page: null);
                break;
            case StreamName.Permissions:
                RequestQueries.List(store, json, RequestTables.Permissions, threadId, status: null, limit, page: null);
                break;
            case StreamName.Elicitations:
                RequestQueries.List(store, json, RequestTables.Elicitations, threadId, status: null, limit, page: null);
                break;
            case StreamName.Terminals:
                TerminalQueries.WriteList(store, json, threadId!, limit, page: null);
                break;
            default:
                WriteThread(store, json, threadId!, limit);
                break;
        }
    }

    private static void WriteThread(StoreConnection store, Utf8JsonWriter json, string threadId, int limit)
    {
        WriteOne(json, "thread"u8, store.Get(ThreadRow.Get).Bind(1, threadId), static (row, json) => ThreadRow.Read(row).Write(json));
        TimelineQueries.WriteTimelineParts(store, json, threadId, limit);
        WriteOne(json, "plan"u8, store.Get(PlanRow.Get).Bind(1, threadId), static (row, json) => PlanRow.Read(row).Write(json));
        WriteOne(json, "state"u8, store.Get(StateRow.Get).Bind(1, threadId), static (row, json) => StateRow.Read(row).Write(json));
    }

    private static void WriteOne(Utf8JsonWriter json, ReadOnlySpan<byte> name, Statement row, Action<Statement, Utf8JsonWriter> write)
    {
        json.WritePropertyName(name);
        if (!row.Step())
        {
            json.WriteNullValue();
            return;
        }

        write(row, json);
        row.Reset();
    }
}
