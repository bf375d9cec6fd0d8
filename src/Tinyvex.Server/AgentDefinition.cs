namespace Tinyvex;

/// <summary>An agent that can be started: its name, its command, and what its environment gets on top.</summary>
public sealed record AgentDefinition
{
    public required string Name { get; init; }

    public string? Title { get; init; }

    /// <summary>Program and arguments; never given to a shell.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Whether all its threads share one process, each with a session of its own.</summary>
    public bool Shared { get; init; }

    /// <summary>MCP servers for each of its sessions: an array as ACP has it.</summary>
    public ReadOnlyMemory<byte>? McpServers { get; init; }

    /// <summary>Variables of the server's environment that it does not get; one that ends in <c>*</c> stands for all that begin so.</summary>
    public IReadOnlyList<string> EnvironmentDenied { get; init; } = [];

    /// <summary>Whether the agent may read and write files through the server, within the thread's directories.</summary>
    public bool OffersFiles { get; init; } = true;

    /// <summary>Whether the agent may run commands through the server, whose output clients then see as it comes.</summary>
    public bool OffersTerminals { get; init; } = true;

    /// <summary>Variables set for the agent, on top of the server's own environment less what it does not get.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The policy of new threads with it; null for the server's.</summary>
    public Policy? Policy { get; init; }
}
