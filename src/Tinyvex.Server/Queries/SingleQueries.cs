using System.Text.Json;
using Tinyvex.Protocol;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>Plan, state, permissions and the log of updates.</summary>
internal static class SingleQueries
{
    /// <summary>Pending first, then newest first.</summary>
    private const string ListPermissions = $"""
        SELECT {PermissionRow.Columns} FROM permissions
        WHERE (?1 IS NULL OR threadId = ?1) AND (?2 IS NULL OR status = ?2)
        ORDER BY status <> 'pending', createdAt DESC, requestId DESC LIMIT ?3
        """;

    public static void WritePlan(StoreConnection store, Utf8JsonWriter json, string threadId, bool whole)
    {
        var row = store.Get(PlanRow.Get).Bind(1, threadId);
        json.WriteStartArray("rows"u8);
        while (row.Step()) PlanRow.Read(row).Write(json, whole);
        json.WriteEndArray();
    }

    public static void WriteState(StoreConnection store, Utf8JsonWriter json, string threadId, bool whole)
    {
        var row = store.Get(StateRow.Get).Bind(1, threadId);
        json.WriteStartArray("rows"u8);
        while (row.Step()) StateRow.Read(row).Write(json, whole);
        json.WriteEndArray();
    }

    public static void ListPermissionsOf(StoreConnection store, Utf8JsonWriter json, string? threadId, string? status, int limit)
    {
        if (status is not (null or PermissionRow.Pending or PermissionRow.Answered or PermissionRow.Cancelled))
        {
            throw TinyvexException.BadRequest("'status' must be pending, answered or cancelled");
        }

        var rows = store.Get(ListPermissions).Bind(1, threadId).Bind(2, status).Bind(3, limit);
        using var result = new RowPage();
        while (rows.Step())
        {
            if (result.IsFull)
            {
                rows.Reset();
                break;
            }

            result.Add(PermissionRow.Read(rows), static (row, json) => row.Write(json));
        }

        json.WritePropertyName("rows"u8);
        result.Write(json);
        json.WriteNull("nextPage"u8);
    }

    /// <summary>The updates of a thread as they were received, oldest first, after a cursor.</summary>
    public static void WriteEvents(StoreConnection store, Utf8JsonWriter json, StoreIdentity identity, string threadId, string? since, int limit)
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
        long last = 0;
        string? next = null;
        while (rows.Step())
        {
            if (result.Count == limit || result.IsFull)
            {
                next = Cursor.At(identity, last).ToString();
                rows.Reset();
                break;
            }

            last = rows.Int64(0);
            result.Add((Row: rows, identity), static (item, json) => WriteEvent(item.Row, item.identity, json));
        }

        json.WritePropertyName("rows"u8);
        result.Write(json);
        // Events are paged by cursor: the next page is what comes after the last row.
        json.WriteString("nextPage"u8, next);
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
