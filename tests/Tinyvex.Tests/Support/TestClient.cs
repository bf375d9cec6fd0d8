using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Tinyvex.Tests.Support;

/// <summary>
/// A WebSocket client that sorts what arrives: replies by their id, everything else in order. A frame that is not in the contract
/// ends it, and fails whoever waits for one.
/// </summary>
internal sealed partial class TestClient : IAsyncDisposable
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private readonly ClientWebSocket _socket;
    private readonly Channel<JsonElement> _frames = Channel.CreateUnbounded<JsonElement>();
    private readonly Dictionary<string, (TaskCompletionSource<JsonElement> Reply, string? Control)> _replies = [];
    private readonly Lock _lock = new();
    private readonly Task _reading;
    private int _lastId;

    private TestClient(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>Frames that are no reply to <see cref="RequestAsync(string)"/>: updates, errors without an id, broadcasts.</summary>
    public ChannelReader<JsonElement> Frames => _frames.Reader;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? SubProtocol => _socket.SubProtocol;

    public ClientWebSocket Socket => _socket;

    /// <summary>Ends when the server has closed the connection.</summary>
    public Task Closed => _reading;

    public static Task<TestClient> ConnectAsync(ServerProcess server, string? subprotocol = "tinyvex.v1") =>
        ConnectAsync(server.Ws, subprotocol, options =>
        {
            if (server.Token is { } token) options.SetRequestHeader("Authorization", "Bearer " + token);
        });

    public static async Task<TestClient> ConnectAsync(Uri url, string? subprotocol = "tinyvex.v1", Action<ClientWebSocketOptions>? configure = null)
    {
        var socket = new ClientWebSocket();
        if (subprotocol is not null) socket.Options.AddSubProtocol(subprotocol);
        configure?.Invoke(socket.Options);
        await socket.ConnectAsync(url, Deadline.Token());
        return new TestClient(socket);
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Deadline.Token());

    public Task SendBytesAsync(byte[] bytes, WebSocketMessageType type) => _socket.SendAsync(bytes, type, true, Deadline.Token());

    /// <summary>Sends a request, given as the JSON of its fields without braces and id, and waits for the reply.</summary>
    public async Task<JsonElement> RequestAsync(string fields)
    {
        var id = $"r{Interlocked.Increment(ref _lastId)}";
        var reply = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock) _replies[id] = (reply, ControlOf(fields));
        await SendAsync($"{{\"id\":\"{id}\",{fields}}}");
        return await reply.Task.WaitAsync(Deadline.Long);
    }

    /// <summary>The next frame that is no reply.</summary>
    public async Task<JsonElement> NextAsync() => await _frames.Reader.ReadAsync(Deadline.Token());

    /// <summary>Skips frames until one fits.</summary>
    public async Task<JsonElement> NextAsync(Func<JsonElement, bool> fits)
    {
        while (true)
        {
            var frame = await NextAsync();
            if (fits(frame)) return frame;
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var message = new MemoryStream();
        Exception? fault = null;
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    if (_socket.State == WebSocketState.CloseReceived)
                    {
                        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Deadline.Token());
                    }

                    break;
                }

                message.Write(buffer, 0, result.Count);
                if (!result.EndOfMessage) continue;
                var frame = JsonDocument.Parse(message.ToArray(), Deep).RootElement;
                message.SetLength(0);
                Sort(Held.Frame(frame));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection was cut: whoever waits for a frame is told by the end of the channel.
        }
        catch (Exception exception)
        {
            fault = exception;
            _socket.Abort();
            throw;
        }
        finally
        {
            _frames.Writer.TryComplete(fault);
            lock (_lock)
            {
                foreach (var (reply, _) in _replies.Values)
                {
                    reply.TrySetException(fault ?? new InvalidOperationException("the connection was closed before the reply"));
                    // Seen, also where the request could not be sent and so nobody waits.
                    _ = reply.Task.Exception;
                }
            }
        }
    }

    /// <summary>What a request asks; null where it is none.</summary>
    private static string? ControlOf(string fields)
    {
        var match = Control().Match(fields);
        return match.Success ? match.Groups[1].Value : null;
    }

    private void Sort(JsonElement frame)
    {
        if (frame.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
        {
            lock (_lock)
            {
                if (_replies.TryGetValue(id.GetString()!, out var asked))
                {
                    if (asked.Control is not null) Held.Reply(frame, asked.Control);
                    _replies.Remove(id.GetString()!);
                    asked.Reply.SetResult(frame);
                    return;
                }
            }
        }

        _frames.Writer.TryWrite(frame);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        try
        {
            await _reading;
        }
        finally
        {
            _socket.Dispose();
        }
    }

    /// <summary>Tests begin with it, so what follows, which may be anything, needs no reading.</summary>
    [GeneratedRegex(@"^\s*""control""\s*:\s*""([a-z_.]+)""")]
    private static partial Regex Control();
}
