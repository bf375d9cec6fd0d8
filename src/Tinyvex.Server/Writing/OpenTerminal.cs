namespace Tinyvex.Writing;

/// <summary>A command of an agent runs in a terminal.</summary>
internal sealed class OpenTerminal : TerminalCommand
{
    public required string Command { get; init; }

    /// <summary>A JSON array of strings.</summary>
    public ReadOnlyMemory<byte>? Args { get; init; }

    public required string Cwd { get; init; }

    public override int Weight => 512 + Command.Length + (Args?.Length ?? 0);
}
