namespace Tinyvex.Contract.Acp;

/// <summary>A variable or a header.</summary>
public sealed record NamedValue : AcpValue
{
    public required string Name { get; init; }

    public required string Value { get; init; }
}
