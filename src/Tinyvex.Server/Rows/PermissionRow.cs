using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>A row of <c>permissions</c>: what an agent asked, and what was answered by whom.</summary>
internal sealed record PermissionRow
{
    public const string Pending = "pending";
    public const string Answered = "answered";
    public const string Cancelled = "cancelled";

    public const string Columns =
        "requestId, threadId, runId, ord, toolCall_json, options_json, status, outcome_json, answeredBy, createdAt, answeredAt";

    public const string Get = $"SELECT {Columns} FROM permissions WHERE requestId = ?1";

    public const string PendingOfThread = $"SELECT {Columns} FROM permissions WHERE threadId = ?1 AND status = 'pending' ORDER BY ord";

    /// <summary>Those from an order on, and those before it that are pending.</summary>
    public const string ListFromOrd = $"""
        SELECT {Columns} FROM permissions WHERE threadId = ?1 AND status = 'pending' AND ord < ?2
        UNION ALL SELECT {Columns} FROM permissions WHERE threadId = ?1 AND ord >= ?2 ORDER BY ord
        """;

    /// <summary>Those of one status behind a key, newest first.</summary>
    public const string ListOfStatus = $"""
        SELECT {Columns} FROM permissions WHERE status = ?1 AND (createdAt, requestId) < (?2, ?3)
        ORDER BY createdAt DESC, requestId DESC LIMIT ?4
        """;

    public const string ListOfStatusInThread = $"""
        SELECT {Columns} FROM permissions WHERE threadId = ?5 AND status = ?1 AND (createdAt, requestId) < (?2, ?3)
        ORDER BY createdAt DESC, requestId DESC LIMIT ?4
        """;

    /// <summary>Those that are no longer pending, behind a key, newest first: two statuses, each in order already.</summary>
    public const string ListDone = $"""
        SELECT {Columns} FROM permissions WHERE status = 'answered' AND (createdAt, requestId) < (?1, ?2)
        UNION ALL SELECT {Columns} FROM permissions WHERE status = 'cancelled' AND (createdAt, requestId) < (?1, ?2)
        ORDER BY createdAt DESC, requestId DESC LIMIT ?3
        """;

    public const string ListDoneInThread = $"""
        SELECT {Columns} FROM permissions WHERE threadId = ?4 AND status = 'answered' AND (createdAt, requestId) < (?1, ?2)
        UNION ALL SELECT {Columns} FROM permissions WHERE threadId = ?4 AND status = 'cancelled' AND (createdAt, requestId) < (?1, ?2)
        ORDER BY createdAt DESC, requestId DESC LIMIT ?3
        """;

    public const string Insert = $"INSERT INTO permissions({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

    /// <summary>The first answer wins: a request that is no longer pending stays as it is.</summary>
    public const string Update =
        "UPDATE permissions SET status = ?2, outcome_json = ?3, answeredBy = ?4, answeredAt = ?5 WHERE requestId = ?1 AND status = 'pending'";

    public required string RequestId { get; init; }

    public required string ThreadId { get; init; }

    public string? RunId { get; init; }

    public required long Ord { get; init; }

    public required ReadOnlyMemory<byte> ToolCall { get; init; }

    public required ReadOnlyMemory<byte> Options { get; init; }

    public required string Status { get; init; }

    public ReadOnlyMemory<byte>? Outcome { get; init; }

    public string? AnsweredBy { get; init; }

    public required long CreatedAt { get; init; }

    public long? AnsweredAt { get; init; }

    public static PermissionRow Read(Statement row) => new()
    {
        RequestId = row.Text(0),
        ThreadId = row.Text(1),
        RunId = row.NullableText(2),
        Ord = row.Int64(3),
        ToolCall = row.Utf8(4).ToArray(),
        Options = row.Utf8(5).ToArray(),
        Status = row.Text(6),
        Outcome = row.NullableBytes(7),
        AnsweredBy = row.NullableText(8),
        CreatedAt = row.Int64(9),
        AnsweredAt = row.NullableInt64(10),
    };

    public void Write(Utf8JsonWriter json, bool whole = false)
    {
        var row = new FieldWriter(json, whole);
        json.WriteStartObject();
        row.Text("requestId"u8, RequestId);
        row.Text("threadId"u8, ThreadId);
        row.Text("runId"u8, RunId);
        row.Number("order"u8, Ord);
        row.Raw("toolCall"u8, ToolCall);
        row.Raw("options"u8, Options);
        row.Text("status"u8, Status);
        row.Raw("outcome"u8, Outcome);
        row.Text("answeredBy"u8, AnsweredBy);
        row.Number("createdAt"u8, CreatedAt);
        row.Number("answeredAt"u8, AnsweredAt);
        row.EndRow();
        json.WriteEndObject();
    }
}
