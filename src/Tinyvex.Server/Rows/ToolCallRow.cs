using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>A row of <c>acp_tool_calls</c>, with ACP's own wire values.</summary>
internal sealed class ToolCallRow
{
    public const string Columns =
        "threadId, toolCallId, ord, title, kind, status, content_json, locations_json, rawInput_json, rawOutput_json, createdAt, updatedAt";

    public const string Get = $"SELECT {Columns} FROM acp_tool_calls WHERE threadId = ?1 AND toolCallId = ?2 AND {ThreadRow.IsThere}";

    public const string ListBefore = $"""
        SELECT {Columns} FROM acp_tool_calls WHERE threadId = ?1 AND (updatedAt, ord) < (?2, ?3) AND {ThreadRow.IsThere}
        ORDER BY updatedAt DESC, ord DESC LIMIT ?4
        """;

    public const string Insert = $"""
        INSERT INTO acp_tool_calls({Columns}) VALUES (?1, ?2, ?11, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
        """;

    /// <summary>Null leaves a field as it is; collections replace the whole collection. Answers what an update frame always carries.</summary>
    public const string Merge = """
        UPDATE acp_tool_calls SET title = coalesce(?3, title), kind = coalesce(?4, kind), status = coalesce(?5, status),
          content_json = coalesce(?6, content_json), locations_json = coalesce(?7, locations_json),
          rawInput_json = coalesce(?8, rawInput_json), rawOutput_json = coalesce(?9, rawOutput_json), updatedAt = ?10
        WHERE threadId = ?1 AND toolCallId = ?2
        RETURNING ord, title, kind, status, createdAt, locations_json
        """;

    public required string ThreadId { get; init; }

    public required string ToolCallId { get; init; }

    public required long Ord { get; init; }

    public string? Title { get; init; }

    public string? Kind { get; init; }

    public string? Status { get; init; }

    public ReadOnlyMemory<byte>? Content { get; init; }

    public ReadOnlyMemory<byte>? Locations { get; init; }

    public ReadOnlyMemory<byte>? RawInput { get; init; }

    public ReadOnlyMemory<byte>? RawOutput { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>Whether the large fields that are null here are unchanged rather than none: true in updates only.</summary>
    public bool IsPatch { get; init; }

    public static ToolCallRow Read(Statement row) => new()
    {
        ThreadId = row.Text(0),
        ToolCallId = row.Text(1),
        Ord = row.Int64(2),
        Title = row.NullableText(3),
        Kind = row.NullableText(4),
        Status = row.NullableText(5),
        Content = row.NullableBytes(6),
        Locations = row.NullableBytes(7),
        RawInput = row.NullableBytes(8),
        RawOutput = row.NullableBytes(9),
        CreatedAt = row.Int64(10),
        UpdatedAt = row.Int64(11),
    };

    public void Write(Utf8JsonWriter json, bool whole = false)
    {
        var row = new FieldWriter(json, whole);
        json.WriteStartObject();
        row.Text("threadId"u8, ThreadId);
        row.Text("toolCallId"u8, ToolCallId);
        row.Number("order"u8, Ord);
        row.Text("title"u8, Title);
        row.Text("kind"u8, Kind);
        row.Text("status"u8, Status);
        Large(ref row, "content"u8, Content);
        row.Raw("locations"u8, Locations);
        Large(ref row, "rawInput"u8, RawInput);
        Large(ref row, "rawOutput"u8, RawOutput);
        row.Number("createdAt"u8, CreatedAt);
        row.Number("updatedAt"u8, UpdatedAt);
        row.EndRow();
        json.WriteEndObject();
    }

    private void Large(ref FieldWriter row, ReadOnlySpan<byte> name, ReadOnlyMemory<byte>? value)
    {
        if (value is not null || !IsPatch) row.Raw(name, value);
    }
}
