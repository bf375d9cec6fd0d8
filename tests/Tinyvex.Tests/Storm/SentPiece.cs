namespace Tinyvex.Tests.Storm;

/// <summary>A chunk as it was sent: a text or a block, known again by its mark.</summary>
/// <param name="Speaker">The kind and role of its message.</param>
/// <param name="Begins">Whether it must begin a message, since what came before ended the last one.</param>
internal sealed record SentPiece(string Mark, SentWrite Write, string Speaker, string? Text, string? Block, bool Begins)
{
    public bool AfterKill { get; init; }
}
