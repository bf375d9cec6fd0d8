namespace Tinyvex.Contract.Acp;

/// <summary>A value to choose.</summary>
public sealed record ConfigValue : AcpValue
{
    public required string Value { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }
}
