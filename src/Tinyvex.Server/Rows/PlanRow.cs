using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>A row of <c>acp_plan</c>: the thread's whole plan.</summary>
internal sealed record PlanRow(string ThreadId, ReadOnlyMemory<byte> Entries, long UpdatedAt)
{
    public const string Get = "SELECT threadId, entries_json, updatedAt FROM acp_plan WHERE threadId = ?1";

    public const string Upsert = """
        INSERT INTO acp_plan(threadId, entries_json, createdAt, updatedAt) VALUES (?1, ?2, ?3, ?3)
        ON CONFLICT(threadId) DO UPDATE SET entries_json = excluded.entries_json, updatedAt = excluded.updatedAt
        """;

    public static PlanRow Read(Statement row) => new(row.Text(0), row.Utf8(1).ToArray(), row.Int64(2));

    public void Write(Utf8JsonWriter json, bool whole = false)
    {
        var row = new FieldWriter(json, whole);
        json.WriteStartObject();
        row.Text("threadId"u8, ThreadId);
        row.Raw("entries"u8, Entries);
        row.Number("updatedAt"u8, UpdatedAt);
        row.EndRow();
        json.WriteEndObject();
    }
}
