using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Tinyvex.Bench.Load;

/// <summary>
/// A WebSocket client that costs little: frames go out masked from one buffer, and what comes in is read raw. It answers no pings; a
/// measurement ends long before the server minds.
/// </summary>
internal sealed class LoadSocket : IDisposable
{
    public const int MaskBytes = 4;

    private static readonly byte[] Mask = [0x5a, 0xc3, 0x17, 0x9e, 0x5a, 0xc3, 0x17, 0x9e];

    /// <summary>What is read at once where much is sent.</summary>
    private const int UsualBytes = 64 * 1024;

    /// <summary>For one of thousands.</summary>
    private const int FewBytes = 2 * 1024;

    /// <summary>What the system takes for one that does not read, as far as it can be told.</summary>
    private const int NarrowBytes = 4 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly FrameScanner _scanner;
    private bool _hasHead;

    private LoadSocket(int bytes) => _scanner = new FrameScanner(bytes);

    public int Descriptor => (int)_socket.Handle;

    public static LoadSocket Connect(int port) => Connect(port, new LoadSocket(UsualBytes), request: null);

    /// <summary>One of thousands, which sends a request right behind its handshake and waits for neither's answer.</summary>
    public static LoadSocket ConnectOneOfMany(int port, string request) => Connect(port, new LoadSocket(FewBytes), request);

    /// <summary>One whose system takes little for it while it does not read.</summary>
    public static LoadSocket ConnectNarrow(int port)
    {
        var client = new LoadSocket(UsualBytes);
        client._socket.ReceiveBufferSize = NarrowBytes;
        return Connect(port, client, request: null);
    }

    public static string Subscription(string threadId, string? since = null) =>
        $$"""{"control":"tvx.subscribe","id":1,"stream":"messages","threadId":"{{threadId}}"{{(since is null ? "" : $",\"since\":\"{since}\"")}}}""";

    private static LoadSocket Connect(int port, LoadSocket client, string? request)
    {
        try
        {
            client._socket.Connect(IPAddress.Loopback, port);
            var handshake = Encoding.ASCII.GetBytes(
                $"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: tinyvex.v1\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
            client.Send(request is null ? handshake : [.. handshake, .. Frame(request)]);
            while (request is null && !client._hasHead) client.Fill();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Bytes that <see cref="Frame(Span{byte}, int)"/> puts before the JSON.</summary>
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

    public void Send(string json) => Send(Frame(json));

    private static byte[] Frame(string json)
    {
        var length = Encoding.UTF8.GetByteCount(json);
        var frame = new byte[HeaderBytes(length) + length];
        Encoding.UTF8.GetBytes(json, frame.AsSpan(HeaderBytes(length)));
        Frame(frame, length);
        return frame;
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
        Fill();
        while (_hasHead && _scanner.TryNext(out var json)) take(json);
    }

    /// <summary>Subscribes to the messages of a thread, and answers the cursor of the snapshot, where it has one.</summary>
    public string? Subscribe(string threadId)
    {
        Send(Subscription(threadId));
        return WaitForSnapshot();
    }

    public string? WaitForSnapshot()
    {
        var (ready, cursor) = (false, (string?)null);
        while (!ready)
        {
            Receive(json =>
            {
                if (!json.StartsWith("{\"type\":\"tinyvex.snapshot\""u8)) return;
                ready = true;
                using var snapshot = JsonDocument.Parse(json.ToArray());
                if (snapshot.RootElement.TryGetProperty("cursor", out var given)) cursor = given.GetString();
            });
        }

        return cursor;
    }

    /// <summary>A number in the answer to <c>server.info</c>.</summary>
    public long Ask(string field)
    {
        Send("""{"control":"tvx.query","id":2,"name":"server.info"}""");
        long? number = null;
        while (number is null)
        {
            Receive(json =>
            {
                if (!json.StartsWith("{\"type\":\"tinyvex.query_result\""u8)) return;
                using var result = JsonDocument.Parse(json.ToArray());
                number = result.RootElement.GetProperty("rows")[0].GetProperty(field).GetInt64();
            });
        }

        return number.Value;
    }

    private void Fill()
    {
        _scanner.Advance(Receive(_scanner.Free));
        if (!_hasHead) _hasHead = _scanner.TryPassHead();
    }

    public void Dispose() => _socket.Dispose();
}
