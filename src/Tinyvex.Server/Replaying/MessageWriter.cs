using System.Buffers;

namespace Tinyvex.Replaying;

/// <summary>
/// Writes messages to a stream from a thread of its own. Whatever has gathered while a write was under way is the next write, so
/// that a lone message leaves at once and a flood leaves in large pieces, without a timer.
/// </summary>
internal sealed class MessageWriter : IDisposable
{
    // What waits here is what a client still sees after it has cancelled, so there is little more of it than one pipe holds.
    private const int Room = 128 * 1024;
    private const int KeptCapacity = 1024 * 1024;

    // A client that neither reads nor closes must not keep this process from ending.
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(1);

    private readonly Stream _stream;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _filling = new(Room);
    private ArrayBufferWriter<byte> _leaving = new(Room);
    private TaskCompletionSource? _room;
    private bool _idle;
    private bool _closed;

    public MessageWriter(Stream stream)
    {
        _stream = stream;
        _thread = new Thread(WriteOut) { IsBackground = true, Name = "stdout" };
        _thread.Start();
    }

    /// <summary>Ends when the stream has failed: nobody reads it any more.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Ends when there is room for more. Messages are taken at any time; whoever has many to write asks first.</summary>
    public Task WhenRoom()
    {
        lock (_gate)
        {
            if (_closed || _filling.WrittenCount < Room)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    public void Write(RecordedMessage message, in SlotValues values)
    {
        lock (_gate)
        {
            if (_closed)
                return;

            var bytes = message.Bytes.Span;
            var written = 0;
            foreach (var slot in message.Slots)
            {
                _filling.Write(bytes[written..slot.Offset]);
                written = slot.Offset + slot.Length;
                values.Fill(slot.Kind, bytes[slot.Offset..written], _filling);
            }

            _filling.Write(bytes[written..]);
            EndLine();
        }
    }

    public void WriteLine(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _filling.Write(line);
            EndLine();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join(LastWrites);
    }

    private void EndLine()
    {
        _filling.Write("\n"u8);
        if (_idle)
            Monitor.Pulse(_gate);
    }

    private void WriteOut()
    {
        try
        {
            while (TakeGathered() is { } gathered)
            {
                _stream.Write(gathered.WrittenSpan);
                _stream.Flush();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Fail();
        }
    }

    private ArrayBufferWriter<byte>? TakeGathered()
    {
        lock (_gate)
        {
            while (_filling.WrittenCount == 0)
            {
                if (_closed)
                    return null;
                _idle = true;
                Monitor.Wait(_gate);
                _idle = false;
            }

            // One message of many megabytes must not hold its memory for the rest of the day.
            if (_leaving.Capacity > KeptCapacity)
                _leaving = new ArrayBufferWriter<byte>(Room);
            _leaving.ResetWrittenCount();
            (_filling, _leaving) = (_leaving, _filling);
            MakeRoom();
            return _leaving;
        }
    }

    private void Fail()
    {
        lock (_gate)
        {
            _closed = true;
            MakeRoom();
        }

        _failed.TrySetResult();
    }

    private void MakeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
