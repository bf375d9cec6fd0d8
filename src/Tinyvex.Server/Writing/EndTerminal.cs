namespace Tinyvex.Writing;

/// <summary>A command in a terminal has ended.</summary>
internal sealed class EndTerminal : TerminalCommand
{
    public required string TerminalId { get; init; }

    public required string Status { get; init; }

    public int? ExitCode { get; init; }

    public string? Signal { get; init; }
}
