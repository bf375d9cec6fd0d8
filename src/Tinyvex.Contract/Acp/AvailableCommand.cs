namespace Tinyvex.Contract.Acp;

/// <summary>A command that an agent offers; it is called as <c>/name</c> at the beginning of a prompt.</summary>
public sealed record AvailableCommand : AcpValue
{
    /// <summary>Without the slash.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    public CommandInput? Input { get; init; }
}
