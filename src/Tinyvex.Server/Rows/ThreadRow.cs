using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>A row of <c>threads</c>. Mutable: the writer keeps the rows of active threads and changes them in place.</summary>
internal sealed class ThreadRow
{
    public const string Columns = """
        id, title, titleSource, projectId, resumeId, source, workingDirectory, archived, createdAt, updatedAt,
        messageCount, lastMessageTs, lastOrd, policy, policySetBy, mcpServers_json, additionalDirectories_json, resumeAgent
        """;

    public const string Get = $"SELECT {Columns} FROM threads WHERE id = ?1";

    /// <summary>The thread of the agent's session <c>?1</c>, where <c>?2</c> is the agent; of several the one used last.</summary>
    public const string OfSession = "SELECT id FROM threads WHERE resumeId = ?1 AND coalesce(resumeAgent, source) = ?2 ORDER BY updatedAt DESC LIMIT 1";

    /// <summary>That the thread <c>?1</c> exists: rows of one that was deleted stay for a while, until they are purged.</summary>
    public const string IsThere = EventLog.ThreadIsThere;

    /// <summary>Last write wins on <c>updatedAt</c>: an older row changes nothing.</summary>
    public const string Upsert = """
        INSERT INTO threads(id, title, titleSource, projectId, resumeId, source, workingDirectory, archived, createdAt, updatedAt,
          messageCount, lastMessageTs, lastOrd, policy, policySetBy, mcpServers_json, additionalDirectories_json, resumeAgent)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
        ON CONFLICT(id) DO UPDATE SET
          title = excluded.title, titleSource = excluded.titleSource, projectId = excluded.projectId, resumeId = excluded.resumeId,
          source = excluded.source, workingDirectory = excluded.workingDirectory, archived = excluded.archived,
          updatedAt = excluded.updatedAt, messageCount = excluded.messageCount, lastMessageTs = excluded.lastMessageTs,
          lastOrd = excluded.lastOrd, policy = excluded.policy, policySetBy = excluded.policySetBy,
          mcpServers_json = excluded.mcpServers_json, additionalDirectories_json = excluded.additionalDirectories_json,
          resumeAgent = excluded.resumeAgent
        WHERE excluded.updatedAt >= threads.updatedAt
        """;

    /// <summary>The policy of a thread that was given none.</summary>
    public const string DefaultPolicy = "ask";

    public required string Id { get; init; }

    public string? Title { get; set; }

    public TitleSource TitleSource { get; set; }

    public string? ProjectId { get; set; }

    /// <summary>The agent's own session id, by which it can take the session up again.</summary>
    public string? ResumeId { get; set; }

    /// <summary>The agent, or the provider of ingested updates.</summary>
    public string? Source { get; set; }

    public string? WorkingDirectory { get; set; }

    public bool Archived { get; set; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; set; }

    public long MessageCount { get; set; }

    public long? LastMessageTs { get; set; }

    /// <summary>The <c>order</c> last given out in this thread.</summary>
    public long LastOrd { get; set; }

    /// <summary>What of the agent's requests for permission is allowed without asking; null for nothing.</summary>
    public string? Policy { get; set; }

    /// <summary>Who set the policy; null where nobody has.</summary>
    public string? PolicySetBy { get; set; }

    /// <summary>MCP servers for the agent, an array as ACP has them. Their values may be secrets, so a row shows their names alone.</summary>
    public ReadOnlyMemory<byte>? McpServers { get; set; }

    /// <summary>Absolute paths, beside the working directory, in which the agent may work: an array of strings.</summary>
    public ReadOnlyMemory<byte>? AdditionalDirectories { get; set; }

    /// <summary>The agent whose session <see cref="ResumeId"/> is.</summary>
    public string? ResumeAgent { get; set; }

    public static ThreadRow Read(Statement row) => new()
    {
        Id = row.Text(0),
        Title = row.NullableText(1),
        TitleSource = (TitleSource)row.Int32(2),
        ProjectId = row.NullableText(3),
        ResumeId = row.NullableText(4),
        Source = row.NullableText(5),
        WorkingDirectory = row.NullableText(6),
        Archived = row.Int64(7) != 0,
        CreatedAt = row.Int64(8),
        UpdatedAt = row.Int64(9),
        MessageCount = row.Int64(10),
        LastMessageTs = row.NullableInt64(11),
        LastOrd = row.Int64(12),
        Policy = row.NullableText(13),
        PolicySetBy = row.NullableText(14),
        McpServers = row.NullableBytes(15),
        AdditionalDirectories = row.NullableBytes(16),
        ResumeAgent = row.NullableText(17),
    };

    public void Save(StoreConnection connection) => connection.Get(Upsert)
        .Bind(1, Id).Bind(2, Title).Bind(3, (int)TitleSource).Bind(4, ProjectId).Bind(5, ResumeId).Bind(6, Source)
        .Bind(7, WorkingDirectory).Bind(8, Archived ? 1 : 0).Bind(9, CreatedAt).Bind(10, UpdatedAt)
        .Bind(11, MessageCount).Bind(12, LastMessageTs).Bind(13, LastOrd).Bind(14, Policy).Bind(15, PolicySetBy)
        .BindText(16, McpServers).BindText(17, AdditionalDirectories).Bind(18, ResumeAgent)
        .Run();

    public ThreadRow Copy() => (ThreadRow)MemberwiseClone();

    public void Write(Utf8JsonWriter json, bool whole = false)
    {
        var row = new FieldWriter(json, whole);
        json.WriteStartObject();
        row.Text("id"u8, Id);
        row.Text("title"u8, Title);
        row.Text("projectId"u8, ProjectId);
        row.Text("resumeId"u8, ResumeId);
        row.Text("source"u8, Source);
        row.Text("workingDirectory"u8, WorkingDirectory);
        json.WriteBoolean("archived"u8, Archived);
        row.Number("createdAt"u8, CreatedAt);
        row.Number("updatedAt"u8, UpdatedAt);
        row.Number("messageCount"u8, MessageCount);
        row.Number("lastMessageTs"u8, LastMessageTs);
        row.Text("policy"u8, Policy ?? DefaultPolicy);
        row.Text("policySetBy"u8, PolicySetBy);
        WriteMcpServerNames(json);
        row.Raw("additionalDirectories"u8, AdditionalDirectories);
        row.EndRow();
        json.WriteEndObject();
    }

    private void WriteMcpServerNames(Utf8JsonWriter json)
    {
        json.WriteStartArray("mcpServers"u8);
        if (McpServers is { } servers)
        {
            using var document = JsonDocument.Parse(servers, JsonText.DocumentOptions);
            foreach (var server in document.RootElement.EnumerateArray()) json.WriteStringValue(JsonText.Text(server.GetProperty("name"u8)));
        }

        json.WriteEndArray();
    }
}
