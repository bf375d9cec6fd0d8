namespace Tinyvex.Contract.Requests;

/// <summary>Fields of a thread to set, at least one. Null takes the value away.</summary>
public sealed record ThreadChanges
{
    /// <summary>At most 64 KiB. One that a client sets stays.</summary>
    [OrNull]
    public string? Title { get; init; }

    public bool? Archived { get; init; }

    [OrNull]
    public string? ProjectId { get; init; }

    /// <summary>An absolute path.</summary>
    [OrNull]
    public string? WorkingDirectory { get; init; }

    /// <summary>What the agent may do without asking; requests that wait are looked at anew.</summary>
    public Policy? Policy { get; init; }

    /// <summary>MCP servers for its agent, beside the agent's own, at most 100. They are handed over when the session is opened the next time.</summary>
    [OrNull]
    public IReadOnlyList<McpServer>? McpServers { get; init; }

    /// <summary>Absolute paths, beside the working directory, in which its agent may work.</summary>
    [OrNull]
    public IReadOnlyList<string>? AdditionalDirectories { get; init; }
}
