namespace Tinyvex.Contract.Requests;

/// <summary>Every stream, by its name.</summary>
[Index]
public abstract record Streams
{
    [JsonPropertyName("threads")]
    public required StreamEntry<ThreadRow, ThreadsSnapshot> Threads { get; init; }

    [JsonPropertyName("thread")]
    public required StreamEntry<ThreadRow, ThreadSnapshot> Thread { get; init; }

    [JsonPropertyName("messages")]
    public required StreamEntry<MessageRow, MessagesSnapshot> Messages { get; init; }

    [JsonPropertyName("tool_calls")]
    public required StreamEntry<ToolCallRow, ToolCallsSnapshot> ToolCalls { get; init; }

    [JsonPropertyName("plan")]
    public required StreamEntry<PlanRow, PlanSnapshot> Plan { get; init; }

    [JsonPropertyName("state")]
    public required StreamEntry<StateRow, StateSnapshot> State { get; init; }

    [JsonPropertyName("runs")]
    public required StreamEntry<RunRow, RunsSnapshot> Runs { get; init; }

    [JsonPropertyName("permissions")]
    public required StreamEntry<PermissionRow, PermissionsSnapshot> Permissions { get; init; }

    [JsonPropertyName("terminals")]
    public required StreamEntry<TerminalRow, TerminalsSnapshot> Terminals { get; init; }

    [JsonPropertyName("elicitations")]
    public required StreamEntry<ElicitationRow, ElicitationsSnapshot> Elicitations { get; init; }
}
