namespace Tinyvex.Contract.Requests;

/// <summary>Every query, by its <c>name</c>.</summary>
[Index(KeyName = "QueryName")]
public abstract record Queries
{
    /// <summary>Newest <c>updatedAt</c> first.</summary>
    [JsonPropertyName("threads.list")]
    public required QueryEntry<ThreadsListArgs, ThreadRow> ThreadsList { get; init; }

    /// <summary>One, or <c>not_found</c>.</summary>
    [JsonPropertyName("threads.get")]
    public required QueryEntry<ThreadArgs, ThreadRow> ThreadsGet { get; init; }

    /// <summary>The newest, given oldest first; a page leads further back.</summary>
    [JsonPropertyName("messages.list")]
    public required QueryEntry<ThreadPageArgs, MessageRow> MessagesList { get; init; }

    /// <summary>One, whole, or <c>not_found</c>.</summary>
    [JsonPropertyName("messages.get")]
    public required QueryEntry<ItemArgs, MessageRow> MessagesGet { get; init; }

    /// <summary>Newest <c>updatedAt</c> first.</summary>
    [JsonPropertyName("tool_calls.list")]
    public required QueryEntry<ThreadPageArgs, ToolCallRow> ToolCallsList { get; init; }

    /// <summary>One, whole, or <c>not_found</c>.</summary>
    [JsonPropertyName("tool_calls.get")]
    public required QueryEntry<ToolCallArgs, ToolCallRow> ToolCallsGet { get; init; }

    /// <summary>The newest, given oldest first; a page leads further back.</summary>
    [JsonPropertyName("timeline.list")]
    public required QueryEntry<TimelineListArgs, TimelineRow> TimelineList { get; init; }

    /// <summary>One, whole, or none.</summary>
    [JsonPropertyName("plan.get")]
    public required QueryEntry<ThreadArgs, PlanRow> PlanGet { get; init; }

    /// <summary>One, whole, or none.</summary>
    [JsonPropertyName("state.get")]
    public required QueryEntry<ThreadArgs, StateRow> StateGet { get; init; }

    /// <summary>Oldest first. A page is a cursor too.</summary>
    [JsonPropertyName("events.list")]
    public required QueryEntry<EventsListArgs, EventRow> EventsList { get; init; }

    /// <summary>The whole log of a thread, the server's own events among the updates, oldest first; no field is cut.</summary>
    [JsonPropertyName("log.list")]
    public required QueryEntry<EventsListArgs, LogRow> LogList { get; init; }

    /// <summary>Newest first.</summary>
    [JsonPropertyName("runs.list")]
    public required QueryEntry<RunsListArgs, RunRow> RunsList { get; init; }

    /// <summary>Pending first, then newest first.</summary>
    [JsonPropertyName("permissions.list")]
    public required QueryEntry<PermissionsListArgs, PermissionRow> PermissionsList { get; init; }

    /// <summary>Newest first, each with the last 64 KiB of its output.</summary>
    [JsonPropertyName("terminals.list")]
    public required QueryEntry<ThreadPageArgs, TerminalRow> TerminalsList { get; init; }

    /// <summary>One, whole, or <c>not_found</c>.</summary>
    [JsonPropertyName("terminals.get")]
    public required QueryEntry<TerminalArgs, TerminalRow> TerminalsGet { get; init; }

    /// <summary>Pending first, then newest first.</summary>
    [JsonPropertyName("elicitations.list")]
    public required QueryEntry<ElicitationsListArgs, ElicitationRow> ElicitationsList { get; init; }

    /// <summary>Best first.</summary>
    [JsonPropertyName("search")]
    public required QueryEntry<SearchArgs, FoundMessageRow> Search { get; init; }

    /// <summary>By name.</summary>
    [JsonPropertyName("agents.list")]
    public required QueryEntry<NoArgs, AgentRow> AgentsList { get; init; }

    /// <summary>Sessions that an agent has kept, in its own order. Asks the agent, which is started for it.</summary>
    [JsonPropertyName("sessions.list")]
    public required QueryEntry<SessionsListArgs, SessionRow> SessionsList { get; init; }

    /// <summary>One row.</summary>
    [JsonPropertyName("server.info")]
    public required QueryEntry<NoArgs, ServerRow> ServerInfo { get; init; }
}
