namespace Tinyvex.Contract.Requests;

/// <summary>A question to a person that was answered, or never.</summary>
public sealed record ImportedElicitation
{
    public string? RunId { get; init; }

    /// <summary>As the agent sent it.</summary>
    public required ElicitationRequest Request { get; init; }

    /// <summary>Cancelled where it is absent.</summary>
    public ElicitationOutcome? Outcome { get; init; }

    public string? AnsweredBy { get; init; }

    public long? AnsweredAt { get; init; }
}
