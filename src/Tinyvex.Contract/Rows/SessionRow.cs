namespace Tinyvex.Contract.Rows;

/// <summary>A session that an agent has kept.</summary>
public sealed record SessionRow
{
    /// <summary>The agent's own id of it.</summary>
    public required string SessionId { get; init; }

    public required string? Title { get; init; }

    /// <summary>An absolute path; null where the agent does not tell.</summary>
    public required string? WorkingDirectory { get; init; }

    /// <summary>Null where the agent does not tell.</summary>
    public required long? UpdatedAt { get; init; }

    /// <summary>The thread that goes on with it; null where there is none.</summary>
    public required string? ThreadId { get; init; }
}
