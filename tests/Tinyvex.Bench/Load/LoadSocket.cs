using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Tinyvex.Bench.Load;

/// <summary>
/// A WebSocket client that costs little: frames go out masked from one buffer, and what comes in is read raw. It answers no pings; a
/// measurement ends long before the server minds.
/// </summary>
internal sealed class LoadSocket : IDisposable
{
    public const int MaskBytes = 4;

    private static readonly byte[] Mask = [0x5a, 0xc3, 0x17, 0x9e, 0x5a, 0xc3, 0x17, 0x9e];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly FrameScanner _scanner = new();

    private LoadSocket()
    {
    }

    public int Descriptor => (int)_socket.Handle;

    public static LoadSocket Connect(int port)
    {
        var client = new LoadSocket();
        try
        {
            client._socket.Connect(IPAddress.Loopback, port);
            client._socket.Send(Encoding.ASCII.GetBytes(
                $"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: tinyvex.v1\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
            client.ReadHead();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Bytes that <see cref="Frame"/> puts before the JSON.</summary>
    public static int HeaderBytes(int length) => (length < 126 ? 2 : 4) + MaskBytes;

    /// <summary>Puts a header before JSON that lies behind its place in <paramref name="frame"/>, and masks the JSON.</summary>
    public static void Frame(Span<byte> frame, int length)
    {
        var header = HeaderBytes(length);
        frame[0] = 0x81;
        if (length < 126)
        {
            frame[1] = (byte)(0x80 | length);
        }
        else
        {
            frame[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame[2..], checked((ushort)length));
        }

        Mask.AsSpan(0, MaskBytes).CopyTo(frame[(header - MaskBytes)..]);
        var json = frame.Slice(header, length);
        var words = MemoryMarshal.Cast<byte, ulong>(json);
        var mask = MemoryMarshal.Read<ulong>(Mask);
        foreach (ref var word in words) word ^= mask;
        for (var i = words.Length * sizeof(ulong); i < length; i++) json[i] ^= Mask[i % MaskBytes];
    }

    public void Send(string json)
    {
        var length = Encoding.UTF8.GetByteCount(json);
        var frame = new byte[HeaderBytes(length) + length];
        Encoding.UTF8.GetBytes(json, frame.AsSpan(HeaderBytes(length)));
        Frame(frame, length);
        Send(frame);
    }

    /// <summary>Sends finished frames.</summary>
    public void Send(ReadOnlySpan<byte> frames)
    {
        while (!frames.IsEmpty) frames = frames[_socket.Send(frames)..];
    }

    /// <summary>Reads what has arrived, waiting where nothing has.</summary>
    public int Receive(Span<byte> buffer)
    {
        var count = _socket.Receive(buffer);
        return count > 0 ? count : throw new IOException("the server closed a connection in the middle of a measurement");
    }

    /// <summary>Reads what has arrived and calls back for each whole frame, which is valid until the callback ends.</summary>
    public void Receive(ReadOnlySpanAction take)
    {
        _scanner.Advance(Receive(_scanner.Free));
        while (_scanner.TryNext(out var json)) take(json);
    }

    /// <summary>Subscribes to the messages of a thread, and waits for the snapshot.</summary>
    public void Subscribe(string threadId)
    {
        Send($$"""{"control":"tvx.subscribe","id":1,"stream":"messages","threadId":"{{threadId}}"}""");
        var ready = false;
        while (!ready) Receive(json => ready |= json.StartsWith("{\"type\":\"tinyvex.snapshot\""u8));
    }

    private void ReadHead()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Receive(one.AsSpan());
            head.Append((char)one[0]);
        }

        if (!head.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) throw new IOException($"the server refused a connection: {head}");
    }

    public void Dispose() => _socket.Dispose();
}
