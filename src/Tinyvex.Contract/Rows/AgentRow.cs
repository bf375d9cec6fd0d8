namespace Tinyvex.Contract.Rows;

/// <summary>An agent that is configured, known, or run by a client.</summary>
public sealed record AgentRow
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The program alone, without its folder and arguments; empty where a client runs it.</summary>
    public required string Command { get; init; }

    public required bool Available { get; init; }

    /// <summary>Why it is not available, else null.</summary>
    public required string? Reason { get; init; }

    /// <summary>Null where it is not known, or not yet.</summary>
    public required string? Version { get; init; }

    /// <summary>Whether prompts go to it where they name none.</summary>
    public required bool Default { get; init; }

    /// <summary><c>configured</c>, <c>known</c> without any configuration, or <c>attached</c> where a client runs it.</summary>
    public required string Source { get; init; }

    /// <summary>What to run to install it; null where that is not known.</summary>
    public required string? Install { get; init; }

    /// <summary>What to run to log in to it; null where that is not known.</summary>
    public required string? Login { get; init; }

    /// <summary>Whether it asked for a login when it was started last; null where it was not.</summary>
    public required bool? WantsLogin { get; init; }

    /// <summary>ACP's <c>agentCapabilities</c>; null until it was started once.</summary>
    public required JsonElement? Capabilities { get; init; }

    /// <summary>Ways to log in, ACP's <c>authMethods</c>; null until it was started once.</summary>
    public required IReadOnlyList<AuthMethod>? AuthMethods { get; init; }
}
