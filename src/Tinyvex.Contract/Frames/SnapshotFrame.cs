namespace Tinyvex.Contract.Frames;

/// <summary>The rows of a subscription at one moment. Every later update follows.</summary>
[JsonDerivedType(typeof(ThreadsSnapshot))]
[JsonDerivedType(typeof(ThreadSnapshot))]
[JsonDerivedType(typeof(MessagesSnapshot))]
[JsonDerivedType(typeof(ToolCallsSnapshot))]
[JsonDerivedType(typeof(PlanSnapshot))]
[JsonDerivedType(typeof(StateSnapshot))]
[JsonDerivedType(typeof(RunsSnapshot))]
[JsonDerivedType(typeof(PermissionsSnapshot))]
[JsonDerivedType(typeof(TerminalsSnapshot))]
[JsonDerivedType(typeof(ElicitationsSnapshot))]
public abstract record SnapshotFrame : ServerFrame
{
    [JsonPropertyOrder(-2)]
    public string Type => "tinyvex.snapshot";

    /// <summary>That of the request; absent where it had none.</summary>
    [JsonPropertyOrder(-1)]
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    /// <summary>The cursor that was given cannot be followed: take this in place of all that was known of the stream.</summary>
    [JsonPropertyOrder(-1)]
    [OnlyTrue]
    public bool? Reset { get; init; }

    /// <summary>That moment, to go on after.</summary>
    [JsonPropertyOrder(1)]
    public required string Cursor { get; init; }
}

/// <summary>Threads that are not archived, newest first.</summary>
public sealed record ThreadsSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "threads";

    public required IReadOnlyList<ThreadRow> Rows { get; init; }

    /// <summary>The <c>page</c> that leads to older rows; null where there are none.</summary>
    public required string? NextPage { get; init; }
}

/// <summary>One thread with the newest part of its timeline, each list oldest first.</summary>
public sealed record ThreadSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "thread";

    public required string ThreadId { get; init; }

    /// <summary>Null where there is no such thread as yet.</summary>
    public required ThreadRow? Thread { get; init; }

    public required IReadOnlyList<MessageRow> Messages { get; init; }

    public required IReadOnlyList<ToolCallRow> ToolCalls { get; init; }

    public required IReadOnlyList<RunRow> Runs { get; init; }

    /// <summary>Those of that part, and all that run.</summary>
    public required IReadOnlyList<TerminalRow> Terminals { get; init; }

    /// <summary>Those of that part, and all that are pending.</summary>
    public required IReadOnlyList<PermissionRow> Permissions { get; init; }

    /// <summary>Those of that part, and all that are pending.</summary>
    public required IReadOnlyList<ElicitationRow> Elicitations { get; init; }

    /// <summary>The page of <c>timeline.list</c> that leads further back; null where there is none.</summary>
    public required string? NextPage { get; init; }

    public required PlanRow? Plan { get; init; }

    public required StateRow? State { get; init; }
}

/// <summary>The newest messages of a thread, oldest first.</summary>
public sealed record MessagesSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "messages";

    public required string ThreadId { get; init; }

    public required IReadOnlyList<MessageRow> Rows { get; init; }

    /// <summary>The <c>page</c> that leads to older rows; null where there are none.</summary>
    public required string? NextPage { get; init; }
}

/// <summary>Tool calls of a thread, newest <c>updatedAt</c> first.</summary>
public sealed record ToolCallsSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "tool_calls";

    public required string ThreadId { get; init; }

    public required IReadOnlyList<ToolCallRow> Rows { get; init; }

    /// <summary>The <c>page</c> that leads to older rows; null where there are none.</summary>
    public required string? NextPage { get; init; }
}

/// <summary>The plan of a thread, or no row.</summary>
public sealed record PlanSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "plan";

    public required string ThreadId { get; init; }

    public required IReadOnlyList<PlanRow> Rows { get; init; }
}

/// <summary>The state of a thread, or no row.</summary>
public sealed record StateSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "state";

    public required string ThreadId { get; init; }

    public required IReadOnlyList<StateRow> Rows { get; init; }
}

/// <summary>Runs of a thread, or of all, newest first.</summary>
public sealed record RunsSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "runs";

    /// <summary>Absent where it is of all threads.</summary>
    public string? ThreadId { get; init; }

    public required IReadOnlyList<RunRow> Rows { get; init; }

    /// <summary>The <c>page</c> that leads to older rows; null where there are none.</summary>
    public required string? NextPage { get; init; }
}

/// <summary>Permission requests of a thread, or of all, pending first.</summary>
public sealed record PermissionsSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "permissions";

    /// <summary>Absent where it is of all threads.</summary>
    public string? ThreadId { get; init; }

    public required IReadOnlyList<PermissionRow> Rows { get; init; }

    /// <summary>The <c>page</c> that leads to older rows; null where there are none.</summary>
    public required string? NextPage { get; init; }
}

/// <summary>Terminals of a thread, newest first, each with the last 64 KiB of its output.</summary>
public sealed record TerminalsSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "terminals";

    public required string ThreadId { get; init; }

    public required IReadOnlyList<TerminalRow> Rows { get; init; }

    /// <summary>The <c>page</c> that leads to older rows; null where there are none.</summary>
    public required string? NextPage { get; init; }
}

/// <summary>Questions of agents in a thread, or in all, pending first.</summary>
public sealed record ElicitationsSnapshot : SnapshotFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "elicitations";

    /// <summary>Absent where it is of all threads.</summary>
    public string? ThreadId { get; init; }

    public required IReadOnlyList<ElicitationRow> Rows { get; init; }

    /// <summary>The <c>page</c> that leads to older rows; null where there are none.</summary>
    public required string? NextPage { get; init; }
}
