using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>A client whose system takes next to nothing for it, and that reads byte by byte as it is told: it neither answers pings meanwhile.</summary>
internal sealed class NarrowClient : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly WebSocket _socket;

    private NarrowClient(TcpClient tcp, WebSocket socket) => (_tcp, _socket) = (tcp, socket);

    public static async Task<NarrowClient> ConnectAsync(Uri ws)
    {
        var tcp = new TcpClient { ReceiveBufferSize = 4 * 1024 };
        await tcp.ConnectAsync(ws.Host, ws.Port, Deadline.Token());
        var stream = tcp.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /ws HTTP/1.1\r\nHost: {ws.Authority}\r\n{RawHttp.Upgrade}Sec-WebSocket-Protocol: tinyvex.v1\r\n\r\n"), Deadline.Token());
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, Deadline.Token());
            head.Append((char)one[0]);
        }

        return new NarrowClient(tcp, WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero }));
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Deadline.Token());

    /// <summary>Reads up to so many bytes, and answers how many there were; 0 once the server has closed.</summary>
    public async Task<int> ReadAsync(int bytes)
    {
        var result = await _socket.ReceiveAsync(new byte[bytes].AsMemory(), Deadline.Token());
        return result.MessageType == WebSocketMessageType.Close ? 0 : result.Count;
    }

    /// <summary>Reads a whole frame; null once the server has closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var result = await _socket.ReceiveAsync(buffer.AsMemory(), Deadline.Token());
            if (result.MessageType == WebSocketMessageType.Close) return null;
            message.Write(buffer, 0, result.Count);
            if (result.EndOfMessage) return Held.Frame(JsonDocument.Parse(message.ToArray()).RootElement);
        }
    }

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
