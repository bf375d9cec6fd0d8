using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Protocol;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>The log: as far as agents wrote it, or all of it.</summary>
internal static class EventQueries
{
    private const string MessageRowId = "SELECT id FROM messages WHERE threadId = ?1 AND ord = ?2";

    /// <summary>The updates of a thread as they were received, oldest first, after a cursor. Their page is a cursor too.</summary>
    /// <param name="isLog">Whether our own events are given too, and large fields whole.</param>
    public static void Write(
        StoreConnection store, Utf8JsonWriter json, StoreIdentity identity, string threadId, string? since, int limit, bool isLog)
    {
        long after = 0;
        if (since is not null)
        {
            if (!Cursor.TryParse(since, out var cursor) || cursor.Store != Cursor.StoreKey(identity))
            {
                throw TinyvexException.BadRequest("'since' must be a cursor of this store");
            }

            after = cursor.Position;
        }

        var rows = store.Get(isLog ? EventLog.All : EventLog.Updates).Bind(1, threadId).Bind(2, after).Bind(3, limit + 1);
        using var result = new RowPage();
        var next = result.Fill(rows, limit, rows =>
        {
            if (rows.Utf8(2).StartsWith("tvx."u8))
            {
                result.Add((Row: rows, identity), static (item, json) => WriteOwn(item.Row, item.identity, json));
                return new PageToken(rows.Int64(0));
            }

            var (update, merged) = rows.IsNull(4) ? (rows.Utf8(3).ToArray(), (long?)null) : Merged(store, threadId, rows, after);
            result.Add((Row: rows, update, merged), (item, json) => WriteEvent(item.Row, identity, item.update, item.merged, isLog, json));
            return new PageToken(rows.Int64(0));
        });
        json.WritePropertyName("rows"u8);
        result.Write(json);
        json.WriteString("nextPage"u8, next is { } last ? Cursor.At(identity, last.First).ToString() : null);
    }

    /// <summary>The chunks behind a place for which an event stands, as one chunk, and how many they are.</summary>
    private static (byte[] Update, long? Count) Merged(StoreConnection store, string threadId, Statement row, long after)
    {
        // The place is before the event, which is its last chunk's.
        var part = MergedChunks.Between(row.Utf8(4), row.Int64(0), row.Int64(5), row.Int64(6), after, row.Int64(0))!.Value;
        var (template, _) = ChunkTemplate.Of(row.Utf8(3).ToArray())!.Value;
        var message = store.Get(MessageRowId).Bind(1, threadId).Bind(2, row.Int64(7));
        message.Step();
        var text = store.ReadPart("messages", "text", message.Int64(0), (int)part.From, part.Length);
        message.Reset();
        return (template.Fill(text), part.Count);
    }

    private static void WriteEvent(Statement row, StoreIdentity identity, byte[] update, long? merged, bool whole, Utf8JsonWriter json)
    {
        var fields = new FieldWriter(json, whole);
        json.WriteStartObject();
        json.WriteString("cursor"u8, Cursor.At(identity, row.Int64(0)).ToString());
        json.WriteNumber("ts"u8, row.Int64(1));
        json.WriteString("kind"u8, row.Utf8(2));
        fields.Raw("update"u8, update);
        if (merged is not null) fields.Number("merged"u8, merged);
        fields.EndRow();
        json.WriteEndObject();
    }

    private static void WriteOwn(Statement row, StoreIdentity identity, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("cursor"u8, Cursor.At(identity, row.Int64(0)).ToString());
        json.WriteNumber("ts"u8, row.Int64(1));
        json.WriteString("kind"u8, row.Utf8(2));
        if (row.NullableText(8) is { } subject) json.WriteString("subject"u8, subject);
        json.WriteEndObject();
    }
}
