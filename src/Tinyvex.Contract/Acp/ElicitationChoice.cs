namespace Tinyvex.Contract.Acp;

/// <summary>A value to choose, and what to write for it.</summary>
public sealed record ElicitationChoice : AcpValue
{
    public required string Const { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }
}
