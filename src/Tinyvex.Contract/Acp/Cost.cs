namespace Tinyvex.Contract.Acp;

/// <summary>What a session has cost so far.</summary>
public sealed record Cost : AcpValue
{
    public required double Amount { get; init; }

    /// <summary>By ISO 4217.</summary>
    public required string Currency { get; init; }
}
