using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>A row of <c>acp_state</c>: what the agent last said of its session beside the conversation.</summary>
internal sealed class StateRow
{
    public const string Columns = "threadId, currentModeId, modes_json, available_commands_json, configOptions_json, usage_json, updatedAt";

    public const string Get = $"SELECT {Columns} FROM acp_state WHERE threadId = ?1";

    public const string Delete = "DELETE FROM acp_state WHERE threadId = ?1";

    /// <summary>Null leaves a field as it is.</summary>
    public const string Merge = $"""
        INSERT INTO acp_state(threadId, currentModeId, modes_json, available_commands_json, configOptions_json, usage_json, createdAt, updatedAt)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
        ON CONFLICT(threadId) DO UPDATE SET
          currentModeId = coalesce(excluded.currentModeId, currentModeId), modes_json = coalesce(excluded.modes_json, modes_json),
          available_commands_json = coalesce(excluded.available_commands_json, available_commands_json),
          configOptions_json = coalesce(excluded.configOptions_json, configOptions_json),
          usage_json = coalesce(excluded.usage_json, usage_json), updatedAt = excluded.updatedAt
        RETURNING {Columns}
        """;

    public required string ThreadId { get; init; }

    public string? CurrentModeId { get; init; }

    public ReadOnlyMemory<byte>? AvailableModes { get; init; }

    public ReadOnlyMemory<byte>? AvailableCommands { get; init; }

    public ReadOnlyMemory<byte>? ConfigOptions { get; init; }

    public ReadOnlyMemory<byte>? Usage { get; init; }

    public required long UpdatedAt { get; init; }

    public static StateRow Read(Statement row) => new()
    {
        ThreadId = row.Text(0),
        CurrentModeId = row.NullableText(1),
        AvailableModes = row.NullableBytes(2),
        AvailableCommands = row.NullableBytes(3),
        ConfigOptions = row.NullableBytes(4),
        Usage = row.NullableBytes(5),
        UpdatedAt = row.Int64(6),
    };

    public void Write(Utf8JsonWriter json, bool whole = false)
    {
        var row = new FieldWriter(json, whole);
        json.WriteStartObject();
        row.Text("threadId"u8, ThreadId);
        row.Text("currentModeId"u8, CurrentModeId);
        row.Raw("availableModes"u8, AvailableModes);
        row.Raw("availableCommands"u8, AvailableCommands);
        row.Raw("configOptions"u8, ConfigOptions);
        row.Raw("usage"u8, Usage);
        row.Number("updatedAt"u8, UpdatedAt);
        row.EndRow();
        json.WriteEndObject();
    }
}
