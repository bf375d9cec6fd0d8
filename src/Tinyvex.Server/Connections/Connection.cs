using System.Buffers;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using Tinyvex.Attached;
using Tinyvex.Feeding;
using Tinyvex.Protocol;
using Tinyvex.Requests;

namespace Tinyvex.Connections;

/// <summary>
/// One WebSocket: a loop that reads requests and hands them on, one after the other, and a loop that writes (its other half,
/// Connection.Sending.cs). Whichever ends first ends both.
/// </summary>
internal sealed partial class Connection : ITopicListener, IRequester, ISubscriber, IAsyncDisposable
{
    private const int FirstBuffer = 4 * 1024;

    /// <summary>A frame of more bytes is not parsed on the thread that other sockets share (<see cref="SocketThreads"/>).</summary>
    private const int QuickFrame = 32 * 1024;

    private readonly FrameStream _stream;
    private readonly WebSocket _socket;
    private readonly ConnectionServices _services;
    private readonly RequestHandler _handler;
    private readonly ReplyBuffer _replies;
    private readonly SemaphoreSlim _writes;
    private readonly CancellationTokenSource _ended = new();
    private readonly Action _abort;
    private readonly ILogger _logger;
    private WebSocketCloseStatus? _closing;
    private string _closingReason = "";
    private long? _gaveUpAt;
    private bool _left;

    /// <param name="stream">The upgraded byte stream.</param>
    /// <param name="received">What was read from it before.</param>
    /// <param name="socket">What is beneath it, to be asked how it fares; null where that is not known.</param>
    /// <param name="author">What its writes are signed with.</param>
    /// <param name="abort">Ends the connection beneath at once, whatever a write waits for.</param>
    public Connection(
        long number, Stream stream, ReadOnlyMemory<byte> received, System.Net.Sockets.Socket? socket, bool broadcast, string author,
        ConnectionServices services, Action abort)
    {
        Number = number;
        Author = author;
        IsBroadcast = broadcast;
        _services = services;
        _abort = abort;
        _logger = services.Logger;
        _stream = new FrameStream(stream, received, services.Time, services.Counts, () => TcpDelivery.Bytes(socket));
        _socket = WebSocket.CreateFromStream(_stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        _replies = new ReplyBuffer(services.Options.MaxReplyBytes);
        _writes = new SemaphoreSlim(services.Options.MaxWritesInFlight);
        _handler = new RequestHandler(services, this);
        Host = new FrameHost(() => HasLeft, _replies.BelowLimitAsync, write => Reply(write));
    }

    public long Number { get; }

    /// <summary>Who writes: <c>client</c>, with the name that it gave itself where it did.</summary>
    public string Author { get; }
    public IHost Host { get; }

    ISubscriber IRequester.Subscriber => this;

    /// <summary>Whether every update goes to this client, as in the original, and not those of its subscriptions alone.</summary>
    public bool IsBroadcast { get; }

    /// <summary>Whether it takes no part any more, and is not counted.</summary>
    public bool HasLeft => Volatile.Read(ref _left);

    /// <summary>Serves the connection, which was counted, until it ends.</summary>
    public async Task RunAsync()
    {
        _services.Counts.Open();
        if (IsBroadcast)
        {
            (var everything, _earlier) = _services.Hub.AttachBroadcast(this);
            _readers.Add(new Subscribed(null, everything));
        }

        LogOpened(Number, IsBroadcast);
        var sending = SendAsync();
        var receiving = ReceiveAsync();
        var lastWord = false;
        try
        {
            var ended = await Task.WhenAny(sending, receiving);
            // Before anybody is told, or anything is waited for: what is published from now on has one reader less.
            DetachAll();
            await ended;
            if (_closing is null && _socket.State == WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(_socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, _ended.Token);
                lastWord = true;
            }
            else if (_closing is { } status)
            {
                // One that was given up and has woken up has much to read before it gets there. It is watched (Tick).
                using var patience = new CancellationTokenSource(_gaveUpAt is null ? TimeSpan.FromSeconds(1) : Timeout.InfiniteTimeSpan, _services.Time);
                await _socket.CloseAsync(status, _closingReason, patience.Token);
            }
        }
        catch (WebSocketException exception) when (exception.WebSocketErrorCode == WebSocketError.Faulted)
        {
            // The peer broke the WebSocket protocol itself, and the framework has told it so.
            lastWord = true;
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            // The peer is gone; there is nobody to tell.
        }
        finally
        {
            await _ended.CancelAsync();
            _wakeup.Set();
            _replies.Release();
            if (lastWord) _ = AbortLaterAsync();
            else _abort();
            await Task.WhenAll(Quiet(sending), Quiet(receiving));
            // Only now: until it has ended the sender may still attach.
            Leave();
            LogClosed(Number);
        }
    }

    /// <summary>Ours was the last frame: it still has to get out, but nobody who reads nothing is waited for.</summary>
    private async Task AbortLaterAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(5), _services.Time);
        _abort();
    }

    /// <summary>Ends a connection that was never let in.</summary>
    public async Task RefuseAsync(WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), _services.Time);
        try
        {
            await _socket.CloseAsync(status, reason, patience.Token);
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            // Refused or gone, it is all the same.
        }

        _abort();
    }

    /// <summary>Tells the client why, and ends the connection.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        _closingReason = reason;
        _closing ??= status;
        _wakeup.Set();
    }

    public void LogFailed(Exception exception) => LogFailed(Number, exception);

    /// <summary>Ends the connection at once.</summary>
    public void Abort() => _abort();

    /// <summary>Called from time to time: pings, and gives up a connection that is dead or stuck.</summary>
    public void Tick()
    {
        var options = _services.Options;
        if (_stream.Stuck > TimeSpan.Zero || _stream.Silence > options.PingInterval) _stream.LookForDelivery();
        if (_stream.Silence > options.SilenceLimit
            || (_gaveUpAt is { } since && _services.Time.GetElapsedTime(since) > options.ProgressLimit && _stream.Silence > options.ProgressLimit))
        {
            _abort();
            return;
        }

        if (_stream.Stuck > options.ProgressLimit)
        {
            GiveUp();
            return;
        }

        if (_services.Time.GetElapsedTime(_pinged) < options.PingInterval) return;
        _pinged = _services.Time.GetTimestamp();
        _replies.AddFrame([0x89, 0x00]);
        _wakeup.Set();
    }

    /// <summary>
    /// Ends a connection whose client takes nothing. From here on it costs what the write holds that is stuck; the close frame comes behind
    /// it, for a client that wakes up before it is cut off.
    /// </summary>
    private void GiveUp()
    {
        if (_gaveUpAt is not null) return;
        _gaveUpAt = _services.Time.GetTimestamp();
        _services.Counts.GiveUp();
        LogNoProgress(Number, (int)_services.Options.ProgressLimit.TotalSeconds);
        Close(CloseCodes.NoProgress, "no byte was taken for too long; resume with your cursors");
        Leave();
    }

    /// <summary>Takes no part any more: neither as a reader nor as one of the connections that are counted.</summary>
    private void Leave()
    {
        DetachAll();
        if (Interlocked.Exchange(ref _left, true)) return;
        _services.Facts.RemoveConnection();
        _services.Sessions.Held.Leave(Host);
        _services.Sessions.Attached.Leave(Host);
    }

    /// <summary>Sends a reply.</summary>
    /// <param name="here">Whether it may be sent on this thread.</param>
    public void Reply(Action<System.Text.Json.Utf8JsonWriter> write, bool here = false)
    {
        _replies.Add(write);
        _wakeup.Set(here);
    }

    /// <summary>Sends a reply that is a finished frame.</summary>
    public void ReplyFrame(ReadOnlyMemory<byte> frame)
    {
        _replies.AddFrame(frame.Span);
        _wakeup.Set();
    }

    void IRequester.Answer(ReadOnlyMemory<byte>? id, Action<System.Text.Json.Utf8JsonWriter> write, bool here) => Reply(write, here);

    void IRequester.AnswerFrame(ReadOnlyMemory<byte>? id, ReadOnlyMemory<byte> frame) => ReplyFrame(frame);

    void IRequester.Refuse(ReadOnlyMemory<byte>? id, TinyvexException error) => Reply(json => Replies.Error(json, id, error));

    bool IRequester.HearsOf(ReadOnlyMemory<byte>? id) => true;

    void IRequester.RefuseUnread(TinyvexException error) => Reply(json => Replies.Error(json, null, error));

    /// <summary>Takes one of the connection's writes in flight; waits while all are taken.</summary>
    public Task BeginWriteAsync() => _writes.WaitAsync(_ended.Token);

    public void EndWrite() => _writes.Release();

    private async Task ReceiveAsync()
    {
        while (_closing is null)
        {
            // A connection that waits holds no buffer.
            var result = await _socket.ReceiveAsync(Memory<byte>.Empty, _ended.Token);
            if (result.MessageType == WebSocketMessageType.Close) return;
            var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
            try
            {
                var length = 0;
                // At its end already where the frame is empty.
                while (!result.EndOfMessage)
                {
                    if (length == buffer.Length) buffer = Grow(buffer);
                    result = await _socket.ReceiveAsync(buffer.AsMemory(length), _ended.Token);
                    if (result.MessageType == WebSocketMessageType.Close) return;
                    length += result.Count;
                    if (length > _services.Options.MaxFrameBytes)
                    {
                        Close(CloseCodes.TooLarge, $"a frame may have up to {_services.Options.MaxFrameBytes} bytes");
                        return;
                    }
                }

                if (result.MessageType == WebSocketMessageType.Binary)
                {
                    Reply(static json => Replies.Error(json, null, TinyvexException.BadRequest("frames are JSON text; this one was binary")));
                }
                else
                {
                    if (length > QuickFrame) await SocketThreads.LeaveAsync();
                    await _handler.HandleAsync(buffer.AsSpan(0, length).ToArray());
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            await _replies.BelowLimitAsync();
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static bool IsDisconnect(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException
            or Microsoft.AspNetCore.Connections.ConnectionAbortedException or InvalidOperationException;

    private async Task Quiet(Task loop)
    {
        try
        {
            await loop;
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            // How a loop ends when the other one has ended.
        }
        catch (Exception exception)
        {
            LogFailed(Number, exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _stream.Dispose();
        _ended.Dispose();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(EventId = LogEvents.ConnectionOpened, Level = LogLevel.Debug, Message = "Connection {Number} opened (broadcast: {Broadcast})")]
    private partial void LogOpened(long number, bool broadcast);

    [LoggerMessage(EventId = LogEvents.ConnectionClosed, Level = LogLevel.Debug, Message = "Connection {Number} closed")]
    private partial void LogClosed(long number);

    [LoggerMessage(EventId = LogEvents.ConnectionStuck, Level = LogLevel.Warning, Message = "Connection {Number} has taken nothing for {Seconds} s and is given up")]
    private partial void LogNoProgress(long number, int seconds);

    [LoggerMessage(EventId = LogEvents.ConnectionFailed, Level = LogLevel.Error, Message = "Connection {Number} failed")]
    private partial void LogFailed(long number, Exception exception);
}
