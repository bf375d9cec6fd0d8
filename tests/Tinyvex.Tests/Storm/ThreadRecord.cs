using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>
/// All that producers sent to a thread since it was made or made anew, and whether the store holds just that: what was acked once and
/// whole, what was not acked once and whole or not at all, and everything in the order in which it was sent.
/// </summary>
/// <param name="isShared">Whether several producers write to it, so that only the order of each is known.</param>
internal sealed class ThreadRecord(string threadId, bool isShared)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SentPiece> _pieces = [];
    private readonly Dictionary<string, List<(SentWrite Write, string Value)>> _values = [];
    private string? _open;
    private bool _afterKill;
    private int _empties;

    public string ThreadId => threadId;

    public bool IsShared => isShared;

    /// <summary>Whether a producer was told that it is there, or has sent what makes it.</summary>
    public bool MayExist { get; set; }

    /// <summary>The title that it was made with, where it was made by itself.</summary>
    public string? MadeAs { get; set; }

    /// <summary>Tool calls that were begun.</summary>
    public List<string> ToolCalls { get; } = [];

    public void Say(SentWrite write, string mark, string speaker, string? text, string? block, bool begins)
    {
        lock (_lock)
        {
            _pieces.Add(mark, new SentPiece(mark, write, speaker, text, block, begins || _open != speaker) { AfterKill = _afterKill });
            (_open, _afterKill) = (speaker, false);
        }
    }

    /// <summary>A chunk without text: counted where a message of the speaker is open, and nothing otherwise.</summary>
    public void SayNothing() => Interlocked.Increment(ref _empties);

    /// <summary>What ends the open message; with a kind only one of that kind.</summary>
    public void End(string? kind = null)
    {
        if (kind is null || _open?.StartsWith(kind, StringComparison.Ordinal) == true) _open = null;
    }

    /// <summary>A field of a row is set; the last one stands.</summary>
    public void Set(SentWrite write, string field, string value)
    {
        if (!_values.TryGetValue(field, out var values)) _values.Add(field, values = []);
        values.Add((write, Plain(value)!));
    }

    /// <summary>The server was killed: what was open is ended by the next start.</summary>
    public void Killed() => _afterKill = true;

    /// <summary>Compares with what the store holds.</summary>
    public void Check(StoreContents store)
    {
        var found = new Dictionary<string, (SentPiece Piece, long Order)>();
        var last = new Dictionary<string, (int Number, string Mark)>();
        SentPiece? before = null;
        foreach (var message in store.MessagesOf(threadId))
        {
            var pieces = Split(message).ToList();
            if (message.Seq < pieces.Count || message.Seq > pieces.Count + _empties) throw Wrong($"message {message.ItemId} has seq {message.Seq} and {pieces.Count} pieces");
            foreach (var (mark, text, block) in pieces)
            {
                if (!_pieces.TryGetValue(mark, out var piece)) throw Wrong($"{mark} is there, which was not sent or is of a thread that was deleted");
                if (text != piece.Text || block != piece.Block) throw Wrong($"{mark} is '{Wire.Shorten(text ?? block!)}' and was '{Wire.Shorten(piece.Text ?? piece.Block!)}'");
                if (piece.Speaker != $"{message.Kind} {message.Role}") throw Wrong($"{mark} was said by {piece.Speaker}, and stands in one of {message.Kind} {message.Role}");
                if (!found.TryAdd(mark, (piece, message.Order))) throw Wrong($"{mark} is there twice");
                if (last.TryGetValue(piece.Write.Producer, out var earlier) && earlier.Number > piece.Write.Number) throw Wrong($"{mark} stands behind {earlier.Mark}");
                last[piece.Write.Producer] = (piece.Write.Number, mark);
                if (!isShared) CheckPlace(before, piece, before is not null && found[before.Mark].Order == message.Order);
                before = piece;
            }
        }

        foreach (var request in _pieces.Values.GroupBy(piece => piece.Write))
        {
            var there = request.Count(piece => found.ContainsKey(piece.Mark));
            var missing = request.FirstOrDefault(piece => !found.ContainsKey(piece.Mark))?.Mark;
            if (request.Key.IsAcked && missing is not null) throw Wrong($"{missing} was acked and is not there");
            if (there > 0 && missing is not null) throw Wrong($"{missing} is not there, but others of its request are");
        }

        foreach (var (field, values) in _values) CheckValue(field, values, store.Field(threadId, field));
    }

    private void CheckPlace(SentPiece? before, SentPiece piece, bool isSameMessage)
    {
        // Across a kill what was sent between them may be lost, and what was open was ended.
        if (before is null || piece.AfterKill || piece.Write.CrossedKill || before.Write.CrossedKill) return;
        if (isSameMessage && piece.Begins) throw Wrong($"{piece.Mark} should begin a message, and stands behind {before.Mark}");
        if (!isSameMessage && !piece.Begins && before.Speaker == piece.Speaker) throw Wrong($"{piece.Mark} begins a message, where it should go on behind {before.Mark}");
    }

    private void CheckValue(string field, List<(SentWrite Write, string Value)> values, string? storedJson)
    {
        var stored = Plain(storedJson);
        var acked = values.FindLastIndex(one => one.Write.IsAcked);
        // Where none was acked it may be what it was before.
        if (acked < 0) return;
        if (!values.Skip(acked).Any(one => one.Value == stored && !one.Write.IsRefused))
        {
            throw Wrong($"{field} is {stored ?? "nothing"} and should be {values[acked].Value}");
        }
    }

    /// <summary>Strings may be written in several ways.</summary>
    private static string? Plain(string? json)
    {
        if (json is not ['"', ..]) return json;
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return document.RootElement.GetString();
    }

    /// <summary>The pieces that a message holds, in their order.</summary>
    private static IEnumerable<(string Mark, string? Text, string? Block)> Split(ShownMessage message)
    {
        var blocks = new Queue<(int At, string Raw)>(message.Blocks);
        for (var at = 0; at < message.Text.Length || blocks.Count > 0;)
        {
            if (blocks.TryPeek(out var block) && block.At == at)
            {
                blocks.Dequeue();
                using var json = System.Text.Json.JsonDocument.Parse(block.Raw);
                yield return (json.RootElement.Text("data"), null, block.Raw);
                continue;
            }

            var end = message.Text.IndexOf(Speech.Open, Math.Min(at + 1, message.Text.Length));
            if (end < 0) end = message.Text.Length;
            var text = message.Text[at..end];
            var close = text.IndexOf(Speech.Close, StringComparison.Ordinal);
            if (text[0] != Speech.Open || close < 0) throw new Contradiction($"message {message.ItemId} has no whole piece at {at}: '{Wire.Shorten(text)}'");
            yield return (text[1..close], text, null);
            at = end;
        }
    }

    private Contradiction Wrong(string what) => new($"thread {threadId}: {what}");
}
