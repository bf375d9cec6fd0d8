using System.Buffers;
using System.Text.Json;
using Tinyvex.Protocol;

namespace Tinyvex.Connections;

/// <summary>
/// Replies on their way to one client, as finished frames. Bounded by its users: a connection reads no further request while more
/// than its limit waits here, and holds a limited number of writes in flight.
/// </summary>
internal sealed class ReplyBuffer(int maxBytes)
{
    /// <summary>Buffers that grew beyond this are given back once they are sent.</summary>
    private const int KeepBytes = 16 * 1024;

    [ThreadStatic]
    private static FrameBuilder? _builder;

    private readonly Lock _lock = new();
    private ArrayBufferWriter<byte>? _filling;
    private ArrayBufferWriter<byte>? _sending;
    private TaskCompletionSource? _drained;
    private bool _released;

    public void Add(Action<Utf8JsonWriter> write)
    {
        var builder = _builder ??= new FrameBuilder();
        write(builder.Begin());
        AddFrame(builder.End().Span);
        if (builder.Capacity > KeepBytes) _builder = null;
    }

    /// <summary>Adds a frame that is finished already.</summary>
    public void AddFrame(ReadOnlySpan<byte> frame)
    {
        lock (_lock) (_filling ??= new ArrayBufferWriter<byte>(256)).Write(frame);
    }

    /// <summary>All frames that wait, to be sent before this is called again; empty where there are none.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        lock (_lock)
        {
            if (_sending is { Capacity: <= KeepBytes } reusable) reusable.ResetWrittenCount();
            else _sending = null;
            if (_filling is not { WrittenCount: > 0 } filled)
            {
                _drained?.TrySetResult();
                _drained = null;
                return default;
            }

            (_filling, _sending) = (_sending, filled);
            return filled.WrittenMemory;
        }
    }

    public bool HasSome
    {
        get
        {
            lock (_lock) return _filling is { WrittenCount: > 0 };
        }
    }

    /// <summary>Waits while more waits here than the limit.</summary>
    public Task BelowLimitAsync()
    {
        lock (_lock)
        {
            if (_released || _filling is null || _filling.WrittenCount <= maxBytes) return Task.CompletedTask;
            return (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Lets go of whoever waits, now or later: the connection has ended.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _released = true;
            _drained?.TrySetResult();
        }
    }
}
