namespace Tinyvex.Contract.Frames;

/// <summary>Something was committed. Of a row, what is absent is unchanged, and null means none.</summary>
[JsonDerivedType(typeof(MessagesUpdate))]
[JsonDerivedType(typeof(ToolCallsUpdate))]
[JsonDerivedType(typeof(PlanUpdate))]
[JsonDerivedType(typeof(StateUpdate))]
[JsonDerivedType(typeof(ThreadsUpdate))]
[JsonDerivedType(typeof(ThreadDeleted))]
[JsonDerivedType(typeof(RunsUpdate))]
[JsonDerivedType(typeof(PermissionsUpdate))]
[JsonDerivedType(typeof(TerminalsUpdate))]
[JsonDerivedType(typeof(ElicitationsUpdate))]
public abstract record UpdateFrame : ServerFrame
{
    [JsonPropertyOrder(-2)]
    public string Type => "tinyvex.update";

    /// <summary>Everything up to here has been sent. Where it is absent, keep the one you have.</summary>
    [JsonPropertyOrder(1)]
    public string? Cursor { get; init; }
}

/// <summary>A message grew. One who has its chunks up to <c>have</c> passes over what is not beyond it, appends where <c>fromSeq</c> is <c>have</c> + 1, and else reads <c>messages.get</c>.</summary>
public sealed record MessagesUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "messages";

    public required string ThreadId { get; init; }

    public required string ItemId { get; init; }

    public required MessageKind Kind { get; init; }

    public required Role? Role { get; init; }

    public required long Order { get; init; }

    /// <summary>The last of its chunks.</summary>
    public required long Seq { get; init; }

    /// <summary>The first of its chunks.</summary>
    public required long FromSeq { get; init; }

    /// <summary>Their text.</summary>
    public required string Append { get; init; }

    /// <summary>Blocks that are no text, each of which is a chunk.</summary>
    public IReadOnlyList<ContentBlock>? Content { get; init; }

    /// <summary>The length of the whole text after it, in bytes of UTF-8.</summary>
    public required long TextLen { get; init; }

    public required long Ts { get; init; }

    /// <summary>It was cut: read <c>messages.get</c>.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}

/// <summary>A tool call began or changed.</summary>
public sealed record ToolCallsUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "tool_calls";

    public required string ThreadId { get; init; }

    public required string ToolCallId { get; init; }

    public required ToolCallPatch Row { get; init; }
}

/// <summary>The plan changed.</summary>
public sealed record PlanUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "plan";

    public required string ThreadId { get; init; }

    public required PlanRow Row { get; init; }
}

/// <summary>The state changed.</summary>
public sealed record StateUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "state";

    public required string ThreadId { get; init; }

    public required StateRow Row { get; init; }
}

/// <summary>A thread began or changed. Chunks alone do not bring it.</summary>
public sealed record ThreadsUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "threads";

    public required ThreadRow Row { get; init; }
}

/// <summary>A thread was deleted.</summary>
public sealed record ThreadDeleted : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "threads";

    public required string ThreadId { get; init; }

    public bool Deleted => true;
}

/// <summary>A run was queued, began or ended.</summary>
public sealed record RunsUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "runs";

    public required string ThreadId { get; init; }

    public required RunPatch Row { get; init; }
}

/// <summary>Leave was asked for, or the request was answered or cancelled.</summary>
public sealed record PermissionsUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "permissions";

    public required string ThreadId { get; init; }

    public required PermissionRow Row { get; init; }
}

/// <summary>
/// A terminal began or ended, or its output is given anew: <c>row</c>. Or it has printed more: all but <c>row</c>. One who has its output up to
/// <c>have</c> passes over what does not end beyond it, appends where <c>from</c> is <c>have</c>, takes <c>append</c> in place of all where <c>from</c> is
/// <c>outputStart</c>, and else reads <c>terminals.get</c>.
/// </summary>
[NeedsOneOf(nameof(Row), nameof(Append))]
public sealed record TerminalsUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "terminals";

    public required string ThreadId { get; init; }

    public required string TerminalId { get; init; }

    public TerminalPatch? Row { get; init; }

    /// <summary>Where <c>append</c> begins, in bytes of UTF-8 of all that was printed.</summary>
    public long? From { get; init; }

    public string? Append { get; init; }

    /// <summary>Where what is kept of the output begins from now on.</summary>
    public long? OutputStart { get; init; }

    /// <summary>Where <c>append</c> ends: bytes of UTF-8 of all that was printed.</summary>
    public long? OutputLen { get; init; }
}

/// <summary>An agent asked something of a person, or that was answered, cancelled or completed.</summary>
public sealed record ElicitationsUpdate : UpdateFrame
{
    [JsonPropertyOrder(-1)]
    public string Stream => "elicitations";

    public required string ThreadId { get; init; }

    public required ElicitationRow Row { get; init; }
}
