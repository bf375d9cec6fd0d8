namespace Tinyvex.Writing;

/// <summary>What a terminal has printed from a place on.</summary>
internal sealed class PrintInTerminal : TerminalCommand
{
    public required string TerminalId { get; init; }

    /// <summary>Where the text begins, in bytes of all that was printed. Where it does not go on from what is kept, it takes the place of that.</summary>
    public required long From { get; init; }

    public required ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>Where what is to be kept begins.</summary>
    public required long OutputStart { get; init; }

    /// <summary>Whether it is all that is to be kept, in place of what is.</summary>
    public bool IsAnew { get; init; }

    public override int Weight => 512 + Text.Length;
}
