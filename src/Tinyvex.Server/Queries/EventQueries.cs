using System.Text.Json;
using Tinyvex.Protocol;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>The log, as far as agents wrote it.</summary>
internal static class EventQueries
{
    /// <summary>The updates of a thread as they were received, oldest first, after a cursor. Their page is a cursor too.</summary>
    public static void Write(StoreConnection store, Utf8JsonWriter json, StoreIdentity identity, string threadId, string? since, int limit)
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

        var rows = store.Get(EventLog.Updates).Bind(1, threadId).Bind(2, after).Bind(3, limit + 1);
        using var result = new RowPage();
        var next = result.Fill(rows, limit, rows =>
        {
            result.Add((Row: rows, identity), static (item, json) => WriteEvent(item.Row, item.identity, json));
            return new PageToken(rows.Int64(0));
        });
        json.WritePropertyName("rows"u8);
        result.Write(json);
        json.WriteString("nextPage"u8, next is { } last ? Cursor.At(identity, last.First).ToString() : null);
    }

    private static void WriteEvent(Statement row, StoreIdentity identity, Utf8JsonWriter json)
    {
        var fields = new FieldWriter(json, whole: false);
        json.WriteStartObject();
        json.WriteString("cursor"u8, Cursor.At(identity, row.Int64(0)).ToString());
        json.WriteNumber("ts"u8, row.Int64(1));
        json.WriteString("kind"u8, row.Utf8(2));
        fields.Raw("update"u8, row.Utf8(3).ToArray());
        fields.EndRow();
        json.WriteEndObject();
    }
}
