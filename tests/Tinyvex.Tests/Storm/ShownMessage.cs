using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>A message as a client holds it. One that <see cref="IsCut"/> has a text that is not all there, and is to be fetched.</summary>
internal sealed record ShownMessage(string ThreadId, string ItemId, string Kind, string? Role, long Order, long Seq, long TextLen, string Text)
{
    public ImmutableList<(int At, string Raw)> Blocks { get; init; } = [];

    public bool Partial { get; init; } = true;

    public bool IsCut { get; init; }

    /// <summary>Up to where it was fetched by itself, which may be ahead of the updates.</summary>
    public long Fetched { get; init; }

    /// <summary>Reads a row of a snapshot or of an answer.</summary>
    public static ShownMessage Of(JsonElement row)
    {
        var message = new ShownMessage(
            row.Text("threadId"), row.Text("itemId"), row.Text("kind"), row.Text("role"), row.Number("order"), row.Number("seq"), row.Number("textLen"), row.Text("text"))
        {
            Partial = row.GetProperty("partial").GetBoolean(),
            IsCut = row.Has("truncated"),
        };
        if (message.IsCut) return message with { Text = "" };
        if (message.TextLen != Encoding.UTF8.GetByteCount(message.Text)) throw new Contradiction($"textLen {message.TextLen} of another text: {Wire.Shorten(row.GetRawText())}");
        return row.TryGetProperty("content", out var content) ? message with { Blocks = Placed(content, message.Text) } : message;
    }

    /// <summary>The blocks that are no text, each with its place in the text.</summary>
    private static ImmutableList<(int At, string Raw)> Placed(JsonElement content, string text)
    {
        var (at, blocks) = (0, ImmutableList<(int At, string Raw)>.Empty);
        foreach (var block in content.EnumerateArray())
        {
            if (block.Text("type") == "text")
            {
                if (!text.AsSpan(at).StartsWith(block.Text("text"))) throw new Contradiction($"content and text differ: {Wire.Shorten(content.GetRawText())}");
                at += block.Text("text").Length;
            }
            else
            {
                blocks = blocks.Add((at, block.GetRawText()));
            }
        }

        return blocks;
    }

    /// <summary>The message with an update's chunks, as the protocol has its clients take them.</summary>
    /// <param name="mayRepeat">Whether another subscription of the connection is the reason that it comes again.</param>
    public ShownMessage With(JsonElement update, bool mayRepeat)
    {
        var (from, to) = (update.Number("fromSeq"), update.Number("seq"));
        if (Kind != update.Text("kind") || Role != update.Text("role") || Order != update.Number("order")) throw new Contradiction($"it was {Kind} {Role} {Order}");
        if (IsCut) return this with { Seq = Math.Max(Seq, to) };
        if (to <= Seq)
        {
            return mayRepeat || to <= Fetched ? this : throw new Contradiction($"chunks {from}-{to} come again, {Seq} are there");
        }

        if (!Partial) throw new Contradiction($"chunks {from}-{to} of a final message");
        if (from != Seq + 1) return from <= Fetched ? this with { Seq = to, IsCut = true } : throw new Contradiction($"chunks {from}-{to} do not follow {Seq}");
        if (update.Has("truncated")) return this with { Seq = to, IsCut = true };
        var append = update.Text("append");
        var length = TextLen + Encoding.UTF8.GetByteCount(append);
        if (length != update.Number("textLen")) throw new Contradiction($"textLen is {update.Number("textLen")} where the text has {length} bytes");
        var blocks = Blocks;
        if (update.TryGetProperty("content", out var content)) blocks = blocks.AddRange(content.EnumerateArray().Select(block => (Text.Length, block.GetRawText())));
        return this with { Seq = to, TextLen = length, Text = Text + append, Blocks = blocks };
    }

    public ShownMessage Ended(JsonElement finalize, bool mayRepeat)
    {
        var seq = finalize.Number("seq");
        if (IsCut) return this with { Seq = Math.Max(Seq, seq), Partial = false };
        if (seq != Seq && !(seq < Seq && mayRepeat)) throw new Contradiction($"it ends with chunk {seq} where {Seq} are there");
        if (seq == Seq && TextLen != finalize.Number("textLen")) throw new Contradiction($"it ends with {finalize.Number("textLen")} bytes where {TextLen} are there");
        if (!Partial && !mayRepeat && Fetched == 0) throw new Contradiction("it ends twice");
        return this with { Partial = false };
    }

    /// <summary>What is not the same in the store, or null.</summary>
    /// <param name="mayBeCut">Whether its beginning was never asked for.</param>
    public string? DiffersFrom(ShownMessage stored, bool mayBeCut)
    {
        if (IsCut) return mayBeCut ? null : $"message {ItemId} is still to be fetched";
        if (this with { Text = "", Blocks = stored.Blocks, Fetched = 0 } != stored with { Text = "", Fetched = 0 }) return $"{Short} is stored as {stored.Short}";
        if (Text != stored.Text) return $"the text of {Short} differs at {Text.AsSpan().CommonPrefixLength(stored.Text)} of {Text.Length} and {stored.Text.Length}";
        return Blocks.SequenceEqual(stored.Blocks) ? null : $"blocks of {Short}: {string.Join(' ', Blocks)} and {string.Join(' ', stored.Blocks)}";
    }

    private string Short => $"{Kind} {Role} {ThreadId}/{ItemId} order {Order} seq {Seq} textLen {TextLen} {(Partial ? "open" : "final")}";
}
