using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>A row of <c>elicitations</c>: what an agent wanted to know of a person, and what was answered by whom.</summary>
internal sealed record ElicitationRow
{
    public const string Pending = "pending";
    public const string Answered = "answered";
    public const string Cancelled = "cancelled";

    /// <summary>What was to be done elsewhere is done, as the agent says.</summary>
    public const string Completed = "completed";

    public const string Columns = "requestId, threadId, runId, ord, request_json, status, outcome_json, answeredBy, createdAt, answeredAt";

    public const string Get = $"SELECT {Columns} FROM elicitations WHERE requestId = ?1";

    public const string PendingOfThread = $"SELECT {Columns} FROM elicitations WHERE threadId = ?1 AND status = 'pending' ORDER BY ord";

    public const string AnsweredOfThread = $"SELECT {Columns} FROM elicitations WHERE threadId = ?1 AND status = 'answered' ORDER BY createdAt DESC, requestId DESC";

    /// <summary>Those from an order on, and those before it that are pending.</summary>
    public const string ListFromOrd = $"""
        SELECT {Columns} FROM elicitations WHERE threadId = ?1 AND status = 'pending' AND ord < ?2
        UNION ALL SELECT {Columns} FROM elicitations WHERE threadId = ?1 AND ord >= ?2 ORDER BY ord
        """;

    /// <summary>Those of one status behind a key, newest first.</summary>
    public const string ListOfStatus = $"""
        SELECT {Columns} FROM elicitations WHERE status = ?1 AND (createdAt, requestId) < (?2, ?3)
        ORDER BY createdAt DESC, requestId DESC LIMIT ?4
        """;

    public const string ListOfStatusInThread = $"""
        SELECT {Columns} FROM elicitations WHERE threadId = ?5 AND status = ?1 AND (createdAt, requestId) < (?2, ?3)
        ORDER BY createdAt DESC, requestId DESC LIMIT ?4
        """;

    /// <summary>Those that are no longer pending, behind a key, newest first: three statuses, each in order already.</summary>
    public const string ListDone = $"""
        SELECT {Columns} FROM elicitations WHERE status = 'answered' AND (createdAt, requestId) < (?1, ?2)
        UNION ALL SELECT {Columns} FROM elicitations WHERE status = 'cancelled' AND (createdAt, requestId) < (?1, ?2)
        UNION ALL SELECT {Columns} FROM elicitations WHERE status = 'completed' AND (createdAt, requestId) < (?1, ?2)
        ORDER BY createdAt DESC, requestId DESC LIMIT ?3
        """;

    public const string ListDoneInThread = $"""
        SELECT {Columns} FROM elicitations WHERE threadId = ?4 AND status = 'answered' AND (createdAt, requestId) < (?1, ?2)
        UNION ALL SELECT {Columns} FROM elicitations WHERE threadId = ?4 AND status = 'cancelled' AND (createdAt, requestId) < (?1, ?2)
        UNION ALL SELECT {Columns} FROM elicitations WHERE threadId = ?4 AND status = 'completed' AND (createdAt, requestId) < (?1, ?2)
        ORDER BY createdAt DESC, requestId DESC LIMIT ?3
        """;

    public const string Insert = $"INSERT INTO elicitations({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

    public const string Update = "UPDATE elicitations SET status = ?2, outcome_json = ?3, answeredBy = ?4, answeredAt = ?5 WHERE requestId = ?1";

    public required string RequestId { get; init; }

    public required string ThreadId { get; init; }

    /// <summary>Null where it was asked outside of a turn.</summary>
    public string? RunId { get; init; }

    public required long Ord { get; init; }

    /// <summary>The parameters of <c>elicitation/create</c>, as they came.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }

    public required string Status { get; init; }

    /// <summary>What the agent was answered.</summary>
    public ReadOnlyMemory<byte>? Outcome { get; init; }

    public string? AnsweredBy { get; init; }

    public required long CreatedAt { get; init; }

    public long? AnsweredAt { get; init; }

    public static ElicitationRow Read(Statement row) => new()
    {
        RequestId = row.Text(0),
        ThreadId = row.Text(1),
        RunId = row.NullableText(2),
        Ord = row.Int64(3),
        Request = row.Utf8(4).ToArray(),
        Status = row.Text(5),
        Outcome = row.NullableBytes(6),
        AnsweredBy = row.NullableText(7),
        CreatedAt = row.Int64(8),
        AnsweredAt = row.NullableInt64(9),
    };

    public void Write(Utf8JsonWriter json)
    {
        // A question is bounded, and an answer by a client's frame: neither is of use when it is cut.
        var row = new FieldWriter(json, whole: true);
        json.WriteStartObject();
        row.Text("requestId"u8, RequestId);
        row.Text("threadId"u8, ThreadId);
        row.Text("runId"u8, RunId);
        row.Number("order"u8, Ord);
        row.Raw("request"u8, Request);
        row.Text("status"u8, Status);
        row.Raw("outcome"u8, Outcome);
        row.Text("answeredBy"u8, AnsweredBy);
        row.Number("createdAt"u8, CreatedAt);
        row.Number("answeredAt"u8, AnsweredAt);
        json.WriteEndObject();
    }
}
