namespace Tinyvex.Cli.Transfers;

/// <summary>What a source knows of a thread beside what happened in it.</summary>
internal sealed record ThreadFacts
{
    public string? Title { get; init; }

    public string? Source { get; init; }

    public string? WorkingDirectory { get; init; }

    public string? ProjectId { get; init; }

    public string? ResumeId { get; init; }

    public bool? Archived { get; init; }

    public long? CreatedAt { get; init; }
}
