using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Admission;
using Tinyvex.Cli.Links;

namespace Tinyvex.Cli.Proxying;

/// <summary>A connection to the server on which requests are answered and events arrive.</summary>
internal sealed class StoreLink : IAsyncDisposable
{
    private readonly ServerLink _server;
    private readonly Action<JsonElement> _event;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _waiting = new();
    private long _lastId;

    private StoreLink(ServerLink server, Action<JsonElement> onEvent)
    {
        _server = server;
        _event = onEvent;
        Ended = ReceiveAsync();
    }

    /// <summary>Ends when the connection has, never in a fault.</summary>
    public Task Ended { get; }

    public bool IsAlive => !Ended.IsCompleted;

    /// <summary>Whether the server ended because it was asked to.</summary>
    public bool WasStopped => _server.Socket.CloseReason?.EndsWith("(1001)", StringComparison.Ordinal) == true;

    /// <param name="mayStart">Whether to start a server where none runs.</param>
    /// <param name="onEvent">Takes frames that answer nothing, one after the other.</param>
    /// <exception cref="LinkLostException">There is no server to be had at this moment.</exception>
    public static async Task<StoreLink> OpenAsync(
        TinyvexOptions options, ILoggerFactory loggers, bool mayStart, Action<JsonElement> onEvent, CancellationToken cancellation)
    {
        try
        {
            var server = mayStart
                ? await ServerLink.ToAnyAsync(options, Subprotocols.Sync, loggers, cancellation)
                : await ServerLink.ToRunningAsync(options.DatabasePath, Subprotocols.Sync, cancellation);
            return new StoreLink(server, onEvent);
        }
        catch (Exception exception) when (exception is StartupException or IOException or SocketException or UnauthorizedAccessException or Hosting.AlreadyRunningException)
        {
            throw new LinkLostException(exception.Message, exception);
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="fields">Writes its fields but the id.</param>
    /// <exception cref="RefusedException">The server refuses.</exception>
    /// <exception cref="LinkLostException">The connection ended first.</exception>
    public async Task<JsonElement> RequestAsync(string control, Action<Utf8JsonWriter> fields)
    {
        var id = Interlocked.Increment(ref _lastId);
        var frame = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(frame, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("control"u8, control);
            json.WriteNumber("id"u8, id);
            fields(json);
            json.WriteEndObject();
        }

        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            if (!IsAlive) throw new LinkLostException("the connection is gone");
            await _server.Socket.SendAsync(frame.WrittenMemory, CancellationToken.None);
            return await answer.Task;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw new LinkLostException(exception.Message, exception);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private async Task ReceiveAsync()
    {
        await Task.Yield();
        try
        {
            while (await _server.Socket.ReceiveAsync(CancellationToken.None) is { } message)
            {
                using var document = JsonDocument.Parse(message, JsonText.DocumentOptions);
                var frame = document.RootElement.Clone();
                if (frame.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number) && _waiting.TryGetValue(number, out var waiting))
                {
                    if (frame.GetProperty("type").ValueEquals("tinyvex.error")) waiting.TrySetException(new RefusedException(frame));
                    else waiting.TrySetResult(frame);
                }
                else if (frame.GetProperty("type").ValueEquals("tinyvex.error"))
                {
                    // So broken that its id could not be read: one of those that wait.
                    foreach (var one in _waiting.Values) one.TrySetException(new RefusedException(frame));
                }
                else
                {
                    _event(frame);
                }
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or JsonException or SocketException)
        {
            // Closed by us, or it is no server of ours: gone, either way.
        }

        // After this no request waits: one that begins now looks whether we live.
        _ = Task.Run(FailWaitingAsync);
    }

    private async Task FailWaitingAsync()
    {
        await Ended;
        foreach (var waiting in _waiting.Values) waiting.TrySetException(new LinkLostException(_server.Socket.CloseReason ?? "the connection was lost"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Ended;
    }
}
