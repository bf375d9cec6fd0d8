namespace Tinyvex.Contract.Rows;

/// <summary>What an agent wanted to know of a person, and the answer.</summary>
public sealed record ElicitationRow
{
    public required string RequestId { get; init; }

    public required string ThreadId { get; init; }

    /// <summary>Null where it was asked outside of a run, as for a login.</summary>
    public required string? RunId { get; init; }

    /// <summary>Its place in the thread: given once, and growing.</summary>
    public required long Order { get; init; }

    public required ElicitationRequest Request { get; init; }

    public required ElicitationStatus Status { get; init; }

    /// <summary>Null until it is answered or cancelled.</summary>
    public required ElicitationOutcome? Outcome { get; init; }

    /// <summary>Who answered: <c>client</c> or <c>client:NAME</c>, or <c>agent</c> where it was done before anybody had; null until then, and where it was cancelled.</summary>
    public required string? AnsweredBy { get; init; }

    public required long CreatedAt { get; init; }

    public required long? AnsweredAt { get; init; }
}
