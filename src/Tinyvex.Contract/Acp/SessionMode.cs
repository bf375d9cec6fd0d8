namespace Tinyvex.Contract.Acp;

/// <summary>A way to work that an agent offers.</summary>
public sealed record SessionMode : AcpValue
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }
}
