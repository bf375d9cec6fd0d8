namespace Tinyvex.Contract.Acp;

/// <summary>What an agent says of its session. Other kinds are kept in the log alone.</summary>
[JsonDerivedType(typeof(UserMessageChunk))]
[JsonDerivedType(typeof(AgentMessageChunk))]
[JsonDerivedType(typeof(AgentThoughtChunk))]
[JsonDerivedType(typeof(NewToolCall))]
[JsonDerivedType(typeof(ChangedToolCall))]
[JsonDerivedType(typeof(NewPlan))]
[JsonDerivedType(typeof(NewCommands))]
[JsonDerivedType(typeof(NewMode))]
[JsonDerivedType(typeof(NewConfigOptions))]
[JsonDerivedType(typeof(NewSessionInfo))]
[JsonDerivedType(typeof(NewUsage))]
public abstract record SessionUpdate : AcpValue;

/// <summary>A part of what the user said.</summary>
public sealed record UserMessageChunk : SessionUpdate
{
    public string SessionUpdate => "user_message_chunk";

    public required ContentBlock Content { get; init; }

    /// <summary>Chunks of one message have the same.</summary>
    public string? MessageId { get; init; }
}

/// <summary>A part of what the agent says.</summary>
public sealed record AgentMessageChunk : SessionUpdate
{
    public string SessionUpdate => "agent_message_chunk";

    public required ContentBlock Content { get; init; }

    /// <summary>Chunks of one message have the same.</summary>
    public string? MessageId { get; init; }
}

/// <summary>A part of what the agent thinks.</summary>
public sealed record AgentThoughtChunk : SessionUpdate
{
    public string SessionUpdate => "agent_thought_chunk";

    public required ContentBlock Content { get; init; }

    /// <summary>Chunks of one message have the same.</summary>
    public string? MessageId { get; init; }
}

/// <summary>A tool call began.</summary>
public sealed record NewToolCall : SessionUpdate
{
    public string SessionUpdate => "tool_call";

    public required string ToolCallId { get; init; }

    public required string Title { get; init; }

    [ValuesOf(typeof(ToolKind))]
    public string? Kind { get; init; }

    [ValuesOf(typeof(ToolCallStatus))]
    public string? Status { get; init; }

    public IReadOnlyList<ToolCallContent>? Content { get; init; }

    public IReadOnlyList<ToolCallLocation>? Locations { get; init; }

    public JsonElement? RawInput { get; init; }

    public JsonElement? RawOutput { get; init; }
}

/// <summary>A tool call changed. What is null or absent is unchanged, and a list replaces the whole list.</summary>
public sealed record ChangedToolCall : SessionUpdate
{
    public string SessionUpdate => "tool_call_update";

    public required string ToolCallId { get; init; }

    public string? Title { get; init; }

    [ValuesOf(typeof(ToolKind))]
    public string? Kind { get; init; }

    [ValuesOf(typeof(ToolCallStatus))]
    public string? Status { get; init; }

    public IReadOnlyList<ToolCallContent>? Content { get; init; }

    public IReadOnlyList<ToolCallLocation>? Locations { get; init; }

    public JsonElement? RawInput { get; init; }

    public JsonElement? RawOutput { get; init; }
}

/// <summary>The whole plan.</summary>
public sealed record NewPlan : SessionUpdate
{
    public string SessionUpdate => "plan";

    public required IReadOnlyList<PlanEntry> Entries { get; init; }
}

/// <summary>All commands.</summary>
public sealed record NewCommands : SessionUpdate
{
    public string SessionUpdate => "available_commands_update";

    public required IReadOnlyList<AvailableCommand> AvailableCommands { get; init; }
}

/// <summary>The agent works in another way.</summary>
public sealed record NewMode : SessionUpdate
{
    public string SessionUpdate => "current_mode_update";

    public required string CurrentModeId { get; init; }
}

/// <summary>All settings.</summary>
public sealed record NewConfigOptions : SessionUpdate
{
    public string SessionUpdate => "config_option_update";

    public required IReadOnlyList<ConfigOption> ConfigOptions { get; init; }
}

/// <summary>The session has a name.</summary>
public sealed record NewSessionInfo : SessionUpdate
{
    public string SessionUpdate => "session_info_update";

    public string? Title { get; init; }

    public string? UpdatedAt { get; init; }
}

/// <summary>What the session holds of its model's context.</summary>
public sealed record NewUsage : SessionUpdate
{
    public string SessionUpdate => "usage_update";

    /// <summary>In tokens.</summary>
    public required long Used { get; init; }

    /// <summary>In tokens.</summary>
    public required long Size { get; init; }

    public Cost? Cost { get; init; }
}
