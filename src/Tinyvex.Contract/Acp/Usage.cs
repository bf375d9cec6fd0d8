namespace Tinyvex.Contract.Acp;

/// <summary>What a session holds of its model's context.</summary>
public sealed record Usage : AcpValue
{
    /// <summary>In tokens.</summary>
    public required long Used { get; init; }

    /// <summary>In tokens.</summary>
    public required long Size { get; init; }

    public Cost? Cost { get; init; }
}
