namespace Tinyvex.Contract.Rows;

/// <summary>An agent that is configured, or that a client runs.</summary>
public sealed record AgentRow
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The program alone, without its folder and arguments; empty where a client runs it.</summary>
    public required string Command { get; init; }

    public required bool Available { get; init; }

    /// <summary>Why it is not available, else null.</summary>
    public required string? Reason { get; init; }

    /// <summary>Null where it is not known.</summary>
    public required string? Version { get; init; }

    /// <summary>Whether prompts go to it where they name none.</summary>
    public required bool Default { get; init; }

    public required AgentSource Source { get; init; }
}
