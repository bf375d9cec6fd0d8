using System.Buffers;
using Tinyvex.Requests;

namespace Tinyvex.Connections;

/// <summary>
/// A connection's byte stream as two parties share it: the framework's WebSocket, which reads and answers pings and closes, and
/// our sender, which writes frames that were encoded once for everyone. Writes take turns; reads and writes leave a trace, by
/// which a dead connection is known.
/// </summary>
/// <param name="received">What came before the stream was handed over, behind the handshake.</param>
/// <param name="delivered">Bytes that the peer's system has taken so far, where the system tells; else it answers 0.</param>
internal sealed class FrameStream(Stream inner, ReadOnlyMemory<byte> received, TimeProvider time, ConnectionCounts counts, Func<long> delivered) : Stream
{
    private const int PingBytes = 2;

    /// <summary>What the transport beneath buffers.</summary>
    private const int MaxSlice = 64 * 1024;

    /// <summary>What is read at once where less is asked for: the WebSocket takes a header and a payload by themselves, and requests come by the dozen.</summary>
    private const int ReadAhead = 4 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private ReadOnlyMemory<byte> _received = received;
    private byte[]? _ahead;
    private long _lastRead = time.GetTimestamp();
    private long _lastWrite = time.GetTimestamp();
    private long _writingSince;
    private long _pings;
    private long _delivered;
    private long _lastDelivery = time.GetTimestamp();

    /// <summary>Time since a byte was read, written or delivered.</summary>
    public TimeSpan Silence =>
        time.GetElapsedTime(Math.Max(Math.Max(Volatile.Read(ref _lastRead), Volatile.Read(ref _lastWrite)), _lastDelivery));

    /// <summary>How long the write under way has not moved on; zero where there is none.</summary>
    public TimeSpan Stuck =>
        Volatile.Read(ref _writingSince) is var since && since == 0 ? TimeSpan.Zero : time.GetElapsedTime(Math.Max(since, _lastDelivery));

    /// <summary>
    /// Asks the system what has reached the peer since it was last asked: a slow one takes minutes to empty what the system
    /// holds, and until then no write of ours gets on. Pings do not count, since they arrive where nobody reads, too.
    /// </summary>
    public void LookForDelivery()
    {
        var bytes = delivered() - (Volatile.Read(ref _pings) * PingBytes);
        if (bytes <= _delivered) return;
        _delivered = bytes;
        _lastDelivery = time.GetTimestamp();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        WriteAsync(buffer, default, cancellationToken);

    /// <summary>Writes a frame in two pieces, between which nobody else writes.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await WriteSlicesAsync(head, cancellationToken);
            await WriteSlicesAsync(rest, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _writingSince, 0);
            _turn.Release();
        }
    }

    /// <summary>In slices, each of which is progress: a large frame on a slow line is not stuck.</summary>
    private async ValueTask WriteSlicesAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var slice = buffer[..Math.Min(buffer.Length, MaxSlice)];
            Volatile.Write(ref _writingSince, time.GetTimestamp());
            await inner.WriteAsync(slice, cancellationToken);
            counts.Sent(slice.Length);
            // That a ping alone went out says nothing of the peer.
            if (buffer.Length > PingBytes) Volatile.Write(ref _lastWrite, time.GetTimestamp());
            else _pings++;
            buffer = buffer[slice.Length..];
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_received.IsEmpty && (buffer.IsEmpty || buffer.Length >= ReadAhead)) return await ReadInnerAsync(buffer, cancellationToken);
        if (_received.IsEmpty)
        {
            _ahead ??= ArrayPool<byte>.Shared.Rent(ReadAhead);
            _received = _ahead.AsMemory(0, await ReadInnerAsync(_ahead, cancellationToken));
        }

        var read = Math.Min(buffer.Length, _received.Length);
        _received[..read].CopyTo(buffer);
        _received = _received[read..];
        // A connection that waits holds no buffer.
        if (_received.IsEmpty && _ahead is { } spent)
        {
            _ahead = null;
            ArrayPool<byte>.Shared.Return(spent);
        }

        return read;
    }

    private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        counts.Received(read);
        Volatile.Write(ref _lastRead, time.GetTimestamp());
        return read;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => throw new NotSupportedException("only asynchronously");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronously");

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _turn.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
