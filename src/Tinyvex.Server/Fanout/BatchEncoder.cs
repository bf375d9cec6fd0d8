using System.Buffers;
using Tinyvex.Feeding;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Fanout;

/// <summary>Encodes the changes of a batch. The last one is held back until it is known to be the last: it alone has a cursor.</summary>
internal sealed class BatchEncoder(StoreIdentity identity) : IDisposable
{
    private readonly FrameEncoder _encoder = new(identity);
    private readonly ArrayBufferWriter<byte> _frames = new(4 * 1024);
    private Change? _last;
    private long _merged;

    public int Bytes => _frames.WrittenCount;

    public void Add(Change change)
    {
        if (_last is { } before) _frames.Write(_encoder.Encode(before, cursor: null).Span);
        _last = change;
        if (change is MessageChunk chunk) _merged += chunk.Seq - chunk.FromSeq;
    }

    /// <param name="readTo">Everything wanted up to here was added.</param>
    public LogBatch End(long readTo)
    {
        var lastAt = _frames.WrittenCount;
        if (_last is not null) _frames.Write(_encoder.Encode(_last, readTo).Span);
        return new LogBatch(_frames.WrittenMemory, lastAt, _last, readTo, _merged);
    }

    public void Dispose() => _encoder.Dispose();
}
