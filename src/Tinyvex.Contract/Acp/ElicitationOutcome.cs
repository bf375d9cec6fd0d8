namespace Tinyvex.Contract.Acp;

/// <summary>What the agent was answered.</summary>
public sealed record ElicitationOutcome
{
    public required ElicitationAction Action { get; init; }

    /// <summary>What was filled in, by the names of the fields.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Content { get; init; }
}
