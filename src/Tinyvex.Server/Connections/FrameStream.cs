namespace Tinyvex.Connections;

/// <summary>
/// A connection's byte stream as two parties share it: the framework's WebSocket, which reads and answers pings and closes, and
/// our sender, which writes frames that were encoded once for everyone. Writes take turns; reads and writes leave a trace, by
/// which a dead connection is known.
/// </summary>
internal sealed class FrameStream(Stream inner, TimeProvider time) : Stream
{
    private const int PingBytes = 2;

    /// <summary>What the transport beneath buffers.</summary>
    private const int MaxSlice = 64 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _lastRead = time.GetTimestamp();
    private long _lastWrite = time.GetTimestamp();
    private long _writingSince;

    /// <summary>Time since a byte was read or written.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Math.Max(Volatile.Read(ref _lastRead), Volatile.Read(ref _lastWrite)));

    /// <summary>How long the write under way has not ended; zero where there is none.</summary>
    public TimeSpan Stuck => Volatile.Read(ref _writingSince) is var since && since == 0 ? TimeSpan.Zero : time.GetElapsedTime(since);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // In slices, each of which is progress: a large frame on a slow line is not stuck.
            while (!buffer.IsEmpty)
            {
                var slice = buffer[..Math.Min(buffer.Length, MaxSlice)];
                Volatile.Write(ref _writingSince, time.GetTimestamp());
                await inner.WriteAsync(slice, cancellationToken);
                // That a ping alone went out says nothing of the peer.
                if (buffer.Length > PingBytes) Volatile.Write(ref _lastWrite, time.GetTimestamp());
                buffer = buffer[slice.Length..];
            }
        }
        finally
        {
            Volatile.Write(ref _writingSince, 0);
            _turn.Release();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
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
        if (disposing) _turn.Dispose();
        base.Dispose(disposing);
    }
}
