using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;

namespace Tinyvex.Bench.Kestrel;

/// <summary>One client: what it sends is acked and forwarded, and once it subscribes it is sent what others send.</summary>
internal sealed class BareConnection(Stream stream, BareServer server, int frameBytes)
{
    /// <summary>Bytes gathered for one write, as in the product.</summary>
    private const int MaxGather = 64 * 1024;

    private const int LongHeader = 4;

    private readonly WebSocket _socket =
        WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });

    /// <summary>Of the one thread that this client is about.</summary>
    private Feed? _feed;

    private readonly ArrayBufferWriter<byte> _acks = new();
    private readonly ArrayBufferWriter<byte> _frames = new();

    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                // Answered when nothing more has arrived: as many acks as there are go out in one write.
                var waiting = _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (!waiting.IsCompleted) await FlushAsync();
                if ((await waiting).MessageType == WebSocketMessageType.Close) return;
                var buffer = ArrayPool<byte>.Shared.Rent(4 * 1024);
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                var request = buffer.AsMemory(0, received.Count);
                _feed ??= server.FeedOf(ThreadOf(request.Span));
                // Ends with the connection, by the write that fails.
                if (request.Span.StartsWith("{\"control\":\"tvx.subscribe\""u8)) _ = ForwardAsync(_feed.Latest);
                else Take(request.Span);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // The client is gone, which is how each measurement ends.
        }
    }

    private static string ThreadOf(ReadOnlySpan<byte> request)
    {
        var name = "\"threadId\":\""u8;
        var threadId = request[(request.IndexOf(name) + name.Length)..];
        return Encoding.UTF8.GetString(threadId[..threadId.IndexOf((byte)'"')]);
    }

    private void Take(ReadOnlySpan<byte> request)
    {
        var id = request[(request.IndexOf("\"id\":"u8) + 5)..];
        id = id[..id.IndexOfAnyExceptInRange((byte)'0', (byte)'9')];
        var ack = "{\"type\":\"tinyvex.ack\",\"id\":"u8;
        ReadOnlySpan<byte> header = [0x81, (byte)(ack.Length + id.Length + 1)];
        _acks.Write(header);
        _acks.Write(ack);
        _acks.Write(id);
        _acks.Write("}"u8);

        var frame = _frames.GetSpan(frameBytes)[..frameBytes];
        frame[0] = 0x81;
        frame[1] = 126;
        BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)(frameBytes - LongHeader));
        request = request[..Math.Min(request.Length, frameBytes - LongHeader)];
        request.CopyTo(frame[LongHeader..]);
        frame[(LongHeader + request.Length)..].Fill((byte)' ');
        _frames.Advance(frameBytes);
    }

    private async Task FlushAsync()
    {
        if (_acks.WrittenCount == 0) return;
        _feed!.Publish(_frames.WrittenSpan.ToArray());
        _frames.ResetWrittenCount();
        await stream.WriteAsync(_acks.WrittenMemory);
        _acks.ResetWrittenCount();
    }

    private async Task ForwardAsync(FrameBatch batch)
    {
        var snapshot = "{\"type\":\"tinyvex.snapshot\"}"u8.ToArray();
        await stream.WriteAsync((byte[])[0x81, (byte)snapshot.Length, .. snapshot]);
        var gathered = new ArrayBufferWriter<byte>();
        while (true)
        {
            batch = await batch.Next;
            ReadOnlyMemory<byte> frames = batch.Frames;
            if (batch.Next.IsCompleted)
            {
                gathered.ResetWrittenCount();
                gathered.Write(frames.Span);
                while (batch.Next.IsCompleted && gathered.WrittenCount < MaxGather)
                {
                    batch = await batch.Next;
                    gathered.Write(batch.Frames);
                }

                frames = gathered.WrittenMemory;
            }

            await stream.WriteAsync(frames);
        }
    }
}
