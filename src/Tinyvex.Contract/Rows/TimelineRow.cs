namespace Tinyvex.Contract.Rows;

/// <summary>What happened in a thread, by its <c>order</c>.</summary>
[JsonDerivedType(typeof(MessageEntry))]
[JsonDerivedType(typeof(ToolCallEntry))]
[JsonDerivedType(typeof(RunEntry))]
[JsonDerivedType(typeof(TerminalEntry))]
public abstract record TimelineRow;

/// <summary>A message.</summary>
public sealed record MessageEntry : TimelineRow
{
    public string Kind => "message";

    public required MessageRow Row { get; init; }
}

/// <summary>A tool call.</summary>
public sealed record ToolCallEntry : TimelineRow
{
    public string Kind => "tool_call";

    public required ToolCallRow Row { get; init; }
}

/// <summary>A run.</summary>
public sealed record RunEntry : TimelineRow
{
    public string Kind => "run";

    public required RunRow Row { get; init; }
}

/// <summary>A terminal.</summary>
public sealed record TerminalEntry : TimelineRow
{
    public string Kind => "terminal";

    public required TerminalRow Row { get; init; }
}
