namespace Tinyvex.Contract.Acp;

/// <summary>An answer that an agent offers.</summary>
public sealed record PermissionOption : AcpValue
{
    public required string OptionId { get; init; }

    /// <summary>What to write on its button.</summary>
    public required string Name { get; init; }

    [ValuesOf(typeof(PermissionOptionKind))]
    public required string Kind { get; init; }
}
