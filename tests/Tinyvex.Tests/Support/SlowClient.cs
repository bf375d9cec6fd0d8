using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>A client that reads from its socket only when it is asked to.</summary>
internal sealed class SlowClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    public static async Task<SlowClient> ConnectAsync(ServerProcess server, string? subprotocol = "tinyvex.v1")
    {
        var client = new SlowClient();
        if (subprotocol is not null) client._socket.Options.AddSubProtocol(subprotocol);
        client._socket.Options.SetRequestHeader("Authorization", "Bearer " + server.Token);
        await client._socket.ConnectAsync(server.Ws, Deadline.Token());
        return client;
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Deadline.Token());

    public async Task<JsonElement> NextAsync()
    {
        var message = new MemoryStream();
        while (true)
        {
            var result = await _socket.ReceiveAsync(_buffer.AsMemory(), Deadline.Token());
            if (result.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException($"closed with {_socket.CloseStatus}");
            message.Write(_buffer, 0, result.Count);
            if (result.EndOfMessage) return Held.Frame(JsonDocument.Parse(message.ToArray()).RootElement);
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
