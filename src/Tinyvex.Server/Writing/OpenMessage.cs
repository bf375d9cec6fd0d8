using System.Buffers;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>
/// A message that is being written. Its chunks are in the log; its row is brought up to date each time the unsaved tail has
/// grown by a quarter of the text, so that a chunk costs what it weighs however long the message is, and a reader has little to
/// fold. Only that tail is held in memory.
/// </summary>
internal sealed class OpenMessage
{
    /// <summary>Saving shorter tails would write a page for every few chunks.</summary>
    private const int MinTail = 4 * 1024;

    /// <summary>Bounds the memory of a thread, whatever the length of its message.</summary>
    private const int MaxTail = 1024 * 1024;

    /// <summary>The tail at a quarter of the text: the text is written four times over in all, and read with little to fold.</summary>
    private const int Fraction = 4;

    private readonly ArrayBufferWriter<byte> _tail = new(256);
    private long _savedLength;

    public required MessageIdentity Identity { get; init; }

    public string? AcpMessageId { get; set; }

    public long Seq { get; private set; }

    public long TextLen { get; private set; }

    public List<PlacedBlock> Blocks { get; init; } = [];

    private long LastEvent { get; set; }

    /// <summary>Takes up a message that was left open, its row already folded.</summary>
    public static OpenMessage TakeUp(MessageRow row, long savedLength, long lastEvent)
    {
        var open = new OpenMessage
        {
            Identity = new MessageIdentity(row.ThreadId, row.ItemId, row.Kind, row.Role, row.Ord),
            AcpMessageId = row.AcpMessageId,
            Blocks = row.Blocks,
            Seq = row.Seq,
            TextLen = row.TextLen,
            LastEvent = lastEvent,
            _savedLength = savedLength,
        };
        open._tail.Write(row.Text.Span[(int)savedLength..]);
        return open;
    }

    public long NextSeq() => ++Seq;

    public void Append(ReadOnlySpan<byte> text)
    {
        _tail.Write(text);
        TextLen += text.Length;
    }

    public void Append(ReadOnlyMemory<byte> block) => Blocks.Add(new PlacedBlock(TextLen, block));

    /// <summary>Notes the event of the last chunk, and saves the row where its tail has grown enough.</summary>
    public void Appended(long eventId, StoreConnection connection, long now)
    {
        LastEvent = eventId;
        if (_tail.WrittenCount >= Math.Clamp(_savedLength / Fraction, MinTail, MaxTail)) Save(connection, now, partial: true);
    }

    /// <summary>Brings the row up to date; one that is final enters the search index with it.</summary>
    public void Save(StoreConnection connection, long now, bool partial)
    {
        var row = connection.Get(MessageRow.Fold)
            .Bind(1, Identity.ThreadId).Bind(2, Identity.Ord).BindText(3, _tail.WrittenSpan).BindText(4, PlacedBlock.Stored(Blocks))
            .Bind(5, partial ? 1 : 0).Bind(6, Seq).Bind(7, TextLen).Bind(8, LastEvent).Bind(9, AcpMessageId).Bind(10, now);
        row.Step();
        var id = row.Int64(0);
        row.Reset();
        if (!partial) SearchIndex.Add(connection, id, Identity.ThreadId, _savedLength == 0 ? _tail.WrittenMemory : SearchIndex.Beginning(connection, id));
        _savedLength = TextLen;
        _tail.ResetWrittenCount();
    }
}
