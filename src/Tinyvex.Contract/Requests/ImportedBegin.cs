namespace Tinyvex.Contract.Requests;

/// <summary>A turn that began: its prompt becomes the user's message.</summary>
public sealed record ImportedBegin
{
    /// <summary>One that no other thread has.</summary>
    public required string RunId { get; init; }

    /// <summary>The thread's <c>source</c> where it is absent.</summary>
    public string? Agent { get; init; }

    public required IReadOnlyList<ContentBlock> Prompt { get; init; }
}
