using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Admission;
using Tinyvex.Attached;
using Tinyvex.Connections;
using Tinyvex.Protocol;
using Tinyvex.Requests;
using LineReader = Tinyvex.Replaying.LineReader;

namespace Tinyvex.Hosting;

/// <summary>
/// Requests of the program that started the server, one a line on its stdin, and what is said to it, one a line on stdout. Reading waits for the
/// writer's queue and for who reads the answers, so a program that is too fast waits at its own pipe.
/// </summary>
/// <remarks>Two threads of their own, as standard streams have no reads and writes that do not block.</remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "Its threads may outlive the server by a read that cannot be cancelled.")]
internal sealed partial class LineConnection : IRequester
{
    /// <summary>A buffer that grew beyond this is given back once it is written.</summary>
    private const int KeepBytes = 64 * 1024;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly ConnectionServices _services;
    private readonly RequestHandler _handler;
    private readonly ReplyBuffer _replies;
    private readonly SemaphoreSlim _writes;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isGone;
    private volatile bool _isEnding;
    private volatile bool _isClosed;
    private long _line;

    public LineConnection(ConnectionServices services, Stream input, Stream output)
    {
        _services = services;
        _logger = services.Logger;
        _input = input;
        _output = output;
        _replies = new ReplyBuffer(services.Options.MaxReplyBytes);
        _writes = new SemaphoreSlim(services.Options.MaxWritesInFlight);
        _handler = new RequestHandler(services, this);
        Host = new FrameHost(() => _isGone, _replies.BelowLimitAsync, Send);
    }

    public long Number => 0;

    public string Author { get; } = ClientName.Author("stdin")!;

    public IHost Host { get; }

    public ISubscriber? Subscriber => null;

    /// <summary>Ends when the input has ended and each of its lines is handed on.</summary>
    public Task InputEnded => _read.Task;

    public void Start()
    {
        new Thread(Read) { IsBackground = true, Name = "tinyvex lines in" }.Start();
        new Thread(Write) { IsBackground = true, Name = "tinyvex lines out" }.Start();
    }

    /// <summary>Writes what is left to be said, where somebody reads it in time.</summary>
    public async Task EndAsync(TimeSpan limit)
    {
        _isEnding = true;
        _wake.Set();
        await Task.WhenAny(_written.Task, Task.Delay(limit, _services.Time));
    }

    /// <summary>A line without an id is answered by nothing.</summary>
    public void Answer(ReadOnlyMemory<byte>? id, Action<Utf8JsonWriter> write, bool here = false)
    {
        if (id is not null) Send(write);
    }

    public void AnswerFrame(ReadOnlyMemory<byte>? id, ReadOnlyMemory<byte> frame)
    {
        if (id is null || _isClosed) return;
        _replies.AddFrame(frame.Span);
        _wake.Set();
    }

    public void Refuse(ReadOnlyMemory<byte>? id, TinyvexException error)
    {
        if (id is null) LogRefused(error.Code.Wire(), error.Message);
        else Send(json => Replies.Error(json, id, error));
    }

    public void RefuseUnread(TinyvexException error)
    {
        var line = _line;
        LogUnread(line, error.Code.Wire(), error.Message);
        Send(json => Replies.LineError(json, line, error));
    }

    public bool HearsOf(ReadOnlyMemory<byte>? id) => id is not null;

    public Task BeginWriteAsync() => _writes.WaitAsync();

    public void EndWrite() => _writes.Release();

    private void Send(Action<Utf8JsonWriter> write)
    {
        if (_isClosed) return;
        _replies.Add(write);
        _wake.Set();
    }

    private void Read()
    {
        try
        {
            var reader = new LineReader(_input, _services.Options.MaxFrameBytes);
            while (reader.Read() is { } line)
            {
                _line++;
                if (line.IsTooLong) RefuseUnread(new TinyvexException(ErrorCode.TooLarge, $"a line may have up to {_services.Options.MaxFrameBytes} bytes"));
                else if (!line.Bytes.Span.Trim(" \t"u8).IsEmpty) _handler.HandleAsync(line.Bytes.ToArray()).GetAwaiter().GetResult();
                _replies.BelowLimitAsync().GetAwaiter().GetResult();
            }
        }
        catch (IOException)
        {
            // A broken stdin is one that has ended.
        }
        finally
        {
            Leave();
            _read.TrySetResult();
        }
    }

    private void Write()
    {
        var lines = new ArrayBufferWriter<byte>(KeepBytes);
        try
        {
            while (true)
            {
                while (_replies.Take() is { IsEmpty: false } frames)
                {
                    if (lines.Capacity > KeepBytes) lines = new ArrayBufferWriter<byte>(KeepBytes);
                    else lines.ResetWrittenCount();
                    AppendLines(frames.Span, lines);
                    _output.Write(lines.WrittenSpan);
                    _output.Flush();
                }

                if (_isEnding && !_replies.HasSome) return;
                _wake.WaitOne();
            }
        }
        catch (IOException)
        {
            // Nobody reads any more. What is still read of stdin is done all the same.
            Leave();
        }
        finally
        {
            _isClosed = true;
            _replies.Release();
            _written.TrySetResult();
        }
    }

    private void Leave()
    {
        _isGone = true;
        _services.Sessions.Attached.Leave(Host);
    }

    /// <summary>Frames as lines. JSON that clients sent may stand on several; outside of strings, where a line end is a space.</summary>
    private static void AppendLines(ReadOnlySpan<byte> frames, ArrayBufferWriter<byte> lines)
    {
        while (!frames.IsEmpty)
        {
            var (at, length) = FrameBuilder.PayloadOf(frames);
            var line = lines.GetSpan(length + 1)[..(length + 1)];
            frames.Slice(at, length).CopyTo(line);
            line[..length].ReplaceAny(LineEnds, (byte)' ');
            line[length] = (byte)'\n';
            lines.Advance(length + 1);
            frames = frames[(at + length)..];
        }
    }

    [LoggerMessage(EventId = LogEvents.LineRefused, Level = LogLevel.Warning, Message = "A request on stdin without an id was refused: {Code}, {Why}")]
    private partial void LogRefused(string code, string why);

    [LoggerMessage(EventId = LogEvents.LineUnread, Level = LogLevel.Warning, Message = "Line {Line} on stdin is no request: {Code}, {Why}")]
    private partial void LogUnread(long line, string code, string why);
}
