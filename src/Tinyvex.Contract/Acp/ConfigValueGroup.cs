namespace Tinyvex.Contract.Acp;

/// <summary>Values under a name.</summary>
public sealed record ConfigValueGroup : AcpValue
{
    public required string Group { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<ConfigValue> Options { get; init; }
}
