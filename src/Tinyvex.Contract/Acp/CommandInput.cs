namespace Tinyvex.Contract.Acp;

/// <summary>What a command takes behind its name: any text.</summary>
public sealed record CommandInput : AcpValue
{
    /// <summary>What to show where nothing is typed yet.</summary>
    public required string Hint { get; init; }
}
