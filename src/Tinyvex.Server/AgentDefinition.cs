namespace Tinyvex;

/// <summary>An agent that can be started: its name, its command, and what its environment gets on top.</summary>
public sealed record AgentDefinition
{
    public required string Name { get; init; }

    public string? Title { get; init; }

    /// <summary>Program and arguments; never given to a shell.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Variables set for the agent, on top of the server's own environment less <c>TINYVEX_*</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The policy of new threads with it; null for the server's.</summary>
    public Policy? Policy { get; init; }
}
