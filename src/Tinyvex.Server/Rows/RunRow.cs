using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>A row of <c>runs</c>: one turn of an agent.</summary>
internal sealed record RunRow
{
    public const string Columns = "runId, threadId, ord, agent, prompt_json, status, stopReason, error_json, createdAt, startedAt, finishedAt, stalledAt";

    public const string Get = $"SELECT {Columns} FROM runs WHERE runId = ?1";

    public const string StatusInThread = "SELECT status FROM runs WHERE runId = ?1 AND threadId = ?2";

    public const string IsOfAgent = "SELECT 1 FROM runs WHERE threadId = ?1 AND agent = ?2 LIMIT 1";

    public const string OpenOfThread = $"SELECT {Columns} FROM runs WHERE threadId = ?1 AND status IN ('queued', 'running') ORDER BY ord";

    public const string ListBefore = $"SELECT {Columns} FROM runs WHERE threadId = ?1 AND ord < ?2 ORDER BY ord DESC LIMIT ?3";

    public const string ListAllBefore = $"""
        SELECT {Columns} FROM runs WHERE (createdAt, runId) < (?1, ?2) ORDER BY createdAt DESC, runId DESC LIMIT ?3
        """;

    public const string Insert = $"INSERT INTO runs({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, NULL)";

    /// <summary>A run that has ended never changes again.</summary>
    public const string Update = """
        UPDATE runs SET status = ?2, stopReason = ?3, error_json = ?4, startedAt = ?5, finishedAt = ?6, stalledAt = ?7
        WHERE runId = ?1 AND status IN ('queued', 'running')
        """;

    /// <summary>How an imported run ended, where the server's own end had closed it before.</summary>
    public const string Correct = "UPDATE runs SET status = ?2, stopReason = ?3, error_json = ?4, finishedAt = ?5 WHERE runId = ?1";

    public required string RunId { get; init; }

    public required string ThreadId { get; init; }

    public required long Ord { get; init; }

    public required string Agent { get; init; }

    /// <summary>The prompt as ACP content blocks.</summary>
    public required ReadOnlyMemory<byte> Prompt { get; init; }

    public required string Status { get; init; }

    public string? StopReason { get; init; }

    public ReadOnlyMemory<byte>? Error { get; init; }

    public required long CreatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    /// <summary>Since when the agent has said nothing, where that is long; null while it talks, waits for a person, or has ended.</summary>
    public long? StalledAt { get; init; }

    /// <summary>Whether the prompt is left out as unchanged: true in all updates but a run's first.</summary>
    public bool IsPatch { get; init; }

    /// <summary>
    /// The run as it was at a time. One that is told of what was missed must not see its end before what was said in it.
    /// </summary>
    /// <param name="isOpen">Whether it is known to have been open then.</param>
    public RunRow AsOf(long time, bool isOpen)
    {
        if (FinishedAt is not { } end || (time >= end && !isOpen)) return this;
        var hadStarted = StartedAt <= time;
        return this with
        {
            Status = hadStarted ? RunStatus.Running : RunStatus.Queued,
            StartedAt = hadStarted ? StartedAt : null,
            FinishedAt = null,
            StalledAt = null,
            StopReason = null,
            Error = null,
        };
    }

    public static RunRow Read(Statement row) => new()
    {
        RunId = row.Text(0),
        ThreadId = row.Text(1),
        Ord = row.Int64(2),
        Agent = row.Text(3),
        Prompt = row.Utf8(4).ToArray(),
        Status = row.Text(5),
        StopReason = row.NullableText(6),
        Error = row.NullableBytes(7),
        CreatedAt = row.Int64(8),
        StartedAt = row.NullableInt64(9),
        FinishedAt = row.NullableInt64(10),
        StalledAt = row.NullableInt64(11),
    };

    public void Write(Utf8JsonWriter json, bool whole = false)
    {
        var row = new FieldWriter(json, whole);
        json.WriteStartObject();
        row.Text("runId"u8, RunId);
        row.Text("threadId"u8, ThreadId);
        row.Number("order"u8, Ord);
        row.Text("agent"u8, Agent);
        if (!IsPatch) row.Raw("prompt"u8, Prompt);
        row.Text("status"u8, Status);
        row.Text("stopReason"u8, StopReason);
        row.Raw("error"u8, Error);
        row.Number("createdAt"u8, CreatedAt);
        row.Number("startedAt"u8, StartedAt);
        row.Number("finishedAt"u8, FinishedAt);
        row.Number("stalledAt"u8, StalledAt);
        row.EndRow();
        json.WriteEndObject();
    }
}
