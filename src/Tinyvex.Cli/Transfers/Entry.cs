namespace Tinyvex.Cli.Transfers;

/// <summary>An entry of <c>tvx.import</c>: one thing that happened in a conversation.</summary>
/// <param name="Ts">When, in Unix milliseconds; null where the source does not say.</param>
/// <param name="Kind">Its field's name: update, finalize, begin, end, run, permission, elicitation or session.</param>
/// <param name="Value">The field's value as JSON.</param>
internal readonly record struct Entry(long? Ts, string Kind, ReadOnlyMemory<byte> Value)
{
    /// <summary>Whether it may go on with a message that an entry before it began; an import is not cut there.</summary>
    public bool MayContinue => Kind == "update" && (Value.Span.IndexOf("_message_chunk\""u8) >= 0 || Value.Span.IndexOf("_thought_chunk\""u8) >= 0);
}
