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
}
