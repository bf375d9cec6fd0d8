namespace Tinyvex.Writing;

/// <summary>What became of a terminal's opening.</summary>
internal sealed record OpenedTerminal : WriteOutcome
{
    public required string TerminalId { get; init; }
}
