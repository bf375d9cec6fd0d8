using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tinyvex.Cli.Links;

/// <summary>
/// A WebSocket to our own server on this machine, as far as one is needed for that (RFC 6455): text frames in one piece, pings,
/// close. The framework's client would load an HTTP stack and OpenSSL, and make the file a third larger.
/// </summary>
internal sealed class ServerSocket : IDisposable
{
    /// <summary>Fixed: a mask protects proxies from scripts in browsers, and here is neither.</summary>
    private static readonly byte[] Mask = [0, 0, 0, 0];

    /// <summary>What answers and changes of this program are signed with.</summary>
    private const string ClientName = "cli";

    private readonly TcpClient _client;
    private readonly Stream _stream;
    private readonly SemaphoreSlim _writing = new(1, 1);

    private ServerSocket(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <param name="subprotocol">The mode, of <c>Subprotocols</c>.</param>
    /// <exception cref="StartupException">Nobody answers, or not as our server would.</exception>
    public static async Task<ServerSocket> ConnectAsync(Uri url, string? token, string subprotocol, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        var socket = default(ServerSocket);
        try
        {
            await client.ConnectAsync(url.DnsSafeHost, url.Port, cancellationToken);
            socket = new ServerSocket(client);
            var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
            await socket._stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"GET /ws?client={ClientName} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + $"Sec-WebSocket-Key: {Convert.ToBase64String(Guid.NewGuid().ToByteArray())}\r\nSec-WebSocket-Protocol: {subprotocol}\r\n{authorization}\r\n"),
                cancellationToken);
            var status = await socket.ReadHeadAsync(cancellationToken);
            return status.StartsWith("HTTP/1.1 101", StringComparison.Ordinal) ? socket : throw Unreachable(url, status);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            socket?.Dispose();
            client.Dispose();
            throw Unreachable(url, exception.Message, exception);
        }
    }

    public Task SendAsync(string json, CancellationToken cancellationToken) => SendAsync(Encoding.UTF8.GetBytes(json), cancellationToken);

    public Task SendAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => WriteFrameAsync(0x81, json, cancellationToken);

    /// <summary>The next message, or null when the server has closed or is gone; why is in <see cref="CloseReason"/>.</summary>
    public async Task<byte[]?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadMessageAsync(cancellationToken);
        }
        catch (IOException)
        {
            // A server that was killed ends the connection in the middle of anything.
            CloseReason ??= "the connection was lost";
            return null;
        }
    }

    private async Task<byte[]?> ReadMessageAsync(CancellationToken cancellationToken)
    {
        var head = new byte[8];
        while (true)
        {
            await _stream.ReadExactlyAsync(head.AsMemory(0, 2), cancellationToken);
            var opcode = head[0] & 0x0f;
            long length = head[1] & 0x7f;
            if (length >= 126)
            {
                var size = length == 126 ? 2 : 8;
                await _stream.ReadExactlyAsync(head.AsMemory(0, size), cancellationToken);
                length = size == 2 ? BinaryPrimitives.ReadUInt16BigEndian(head) : BinaryPrimitives.ReadInt64BigEndian(head);
            }

            var payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, cancellationToken);
            switch (opcode)
            {
                case 0x1:
                    return payload;
                case 0x8:
                    var code = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 1005;
                    CloseReason = string.Create(
                        CultureInfo.InvariantCulture, $"{(payload.Length > 2 ? Encoding.UTF8.GetString(payload.AsSpan(2)) : "the server closed the connection")} ({code})");
                    return null;
                case 0x9:
                    await WriteFrameAsync(0x8a, payload, cancellationToken);
                    break;
            }
        }
    }

    public string? CloseReason { get; private set; }

    private async Task WriteFrameAsync(byte first, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var (extra, length) = payload.Length switch { < 126 => (0, payload.Length), <= ushort.MaxValue => (2, 126), _ => (8, 127) };
        var frame = new byte[2 + extra + Mask.Length + payload.Length];
        (frame[0], frame[1]) = (first, (byte)(0x80 | length));
        if (extra == 2) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        else if (extra == 8) BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), payload.Length);
        // The mask is all zero, so what is masked is as it was.
        payload.Span.CopyTo(frame.AsSpan(2 + extra + Mask.Length));
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _stream.WriteAsync(frame, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Reads the answer's head and gives its first line.</summary>
    private async Task<string> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (head.Length > 16 * 1024 || await _stream.ReadAsync(one, cancellationToken) == 0) return "no answer";
            head.Append((char)one[0]);
        }

        return head.ToString().Split('\r')[0];
    }

    private static StartupException Unreachable(Uri url, string why, Exception? inner = null) =>
        new(ExitCode.InternalError, $"The server at {url} cannot be reached: {why}.", inner);

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
        _writing.Dispose();
    }
}
