namespace Tinyvex.Contract.Requests;

/// <summary>What is known of a thread from elsewhere. <c>title</c> and <c>archived</c> are set whenever they are given, all else when the thread is made.</summary>
public sealed record ImportedThread
{
    /// <summary>At most 64 KiB.</summary>
    public string? Title { get; init; }

    public bool? Archived { get; init; }

    /// <summary>The agent.</summary>
    public string? Source { get; init; }

    /// <summary>An absolute path.</summary>
    public string? WorkingDirectory { get; init; }

    public string? ProjectId { get; init; }

    /// <summary>The agent's own session id.</summary>
    public string? ResumeId { get; init; }

    public long? CreatedAt { get; init; }
}
