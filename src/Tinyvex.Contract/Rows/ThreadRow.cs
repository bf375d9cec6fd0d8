namespace Tinyvex.Contract.Rows;

/// <summary>A conversation.</summary>
public sealed record ThreadRow
{
    public required string Id { get; init; }

    /// <summary>Null until the first text of a user gives it one.</summary>
    public required string? Title { get; init; }

    public required string? ProjectId { get; init; }

    /// <summary>The agent's own id of the session; null where it has none.</summary>
    public required string? ResumeId { get; init; }

    /// <summary>Its agent, or the <c>provider</c> of what was ingested; null until there is one.</summary>
    public required string? Source { get; init; }

    /// <summary>An absolute path; null for the server's own.</summary>
    public required string? WorkingDirectory { get; init; }

    public required bool Archived { get; init; }

    /// <summary>In Unix milliseconds, as are all times.</summary>
    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    public required long MessageCount { get; init; }

    /// <summary>Null where there is no message.</summary>
    public required long? LastMessageTs { get; init; }

    /// <summary>Which of the agent's requests for permission the server allows by itself.</summary>
    public required Policy Policy { get; init; }

    /// <summary>Who set the policy: <c>client</c> or <c>client:NAME</c>, or <c>server</c> where it is its default; null where nobody has.</summary>
    public required string? PolicySetBy { get; init; }

    /// <summary>Names of the MCP servers that its agent is given. What else is known of them may be secret, and is not told.</summary>
    public required IReadOnlyList<string> McpServers { get; init; }

    /// <summary>Absolute paths, beside the working directory, in which its agent may work; null where there is none.</summary>
    public required IReadOnlyList<string>? AdditionalDirectories { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
