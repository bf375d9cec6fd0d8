namespace Tinyvex.Writing;

/// <summary>What is known of a thread that is brought in from elsewhere. Title and archived are set whenever they are given, all else when it is made.</summary>
internal sealed record ImportedThread
{
    public string? Title { get; init; }

    public bool? Archived { get; init; }

    public string? Source { get; init; }

    public string? WorkingDirectory { get; init; }

    public string? ProjectId { get; init; }

    /// <summary>The agent's own session id.</summary>
    public string? ResumeId { get; init; }

    public long? CreatedAt { get; init; }
}
