namespace Tinyvex.Writing;

/// <summary>What is asked of the writer about a terminal.</summary>
internal abstract class TerminalCommand : WriteCommand
{
    private protected TerminalCommand()
    {
    }

    public required string ThreadId { get; init; }

    /// <summary>A command prints, and ends, once.</summary>
    public sealed override bool MustBeStored => true;
}
