using System.Buffers;

namespace Tinyvex.Connections;

/// <summary>
/// The sending half. All frames of a connection go out here, in the order of the log: replies first, then answers to subscriptions, then
/// the next frames of what it subscribed to. A connection has no queue of updates, only places in topics; one that falls behind what is in
/// memory reads the log (Connection.Following.cs).
/// </summary>
internal sealed partial class Connection
{
    /// <summary>Bytes gathered for one write: a full buffer of the transport beneath.</summary>
    private const int MaxGather = 64 * 1024;

    private readonly Wakeup _wakeup = new();
    private ArrayBufferWriter<byte>? _gathered;
    private long _pinged;

    public void Wake(bool here) => _wakeup.Set(here);

    private async Task SendAsync()
    {
        _pinged = _services.Time.GetTimestamp();
        if (_earlier > 0) await SendEarlierAsync(_earlier);
        while (!_ended.IsCancellationRequested)
        {
            if (_replies.Take() is { IsEmpty: false } replies)
            {
                await _stream.WriteAsync(replies, _ended.Token);
            }
            else if (_closing is not null)
            {
                return;
            }
            else if (NextAsked() is { } asked)
            {
                await SendAheadAsync();
                await AnswerAsync(asked);
            }
            else if (NextRange() is { } range)
            {
                await SendAheadAsync();
                await CatchUpAsync(range);
            }
            else if (Gather() is { IsEmpty: false } frames)
            {
                await _stream.WriteAsync(frames, _ended.Token);
            }
            else if (!IsBehind() && await _wakeup.WaitAsync())
            {
                await SendHereAsync();
            }
        }
    }

    /// <summary>
    /// On the thread that has just committed a lone update: sends it there and then, which saves waking a thread. All
    /// else waits for a thread of our own, since snapshots and the log take their time, and so might a client that asks for ever more.
    /// </summary>
    private async ValueTask SendHereAsync()
    {
        if (_replies.Take() is { IsEmpty: false } replies) await _stream.WriteAsync(replies, _ended.Token);
        else if (_closing is null && !HasAsked && !IsBehind() && Gather() is { IsEmpty: false } frames) await _stream.WriteAsync(frames, _ended.Token);
        if (_closing is not null || HasAsked || IsBehind() || _replies.HasSome || HasFrames()) await Task.Yield();
    }

    private bool HasAsked
    {
        get
        {
            lock (_readers) return _asked.Count > 0;
        }
    }

    private bool HasFrames()
    {
        lock (_readers)
        {
            var head = _services.Hub.Position;
            foreach (var subscribed in _readers)
            {
                if (subscribed.Reader.Peek(head) is not null) return true;
            }

            return false;
        }
    }

    private bool IsBehind()
    {
        lock (_readers)
        {
            foreach (var subscribed in _readers)
            {
                if (subscribed.Reader.IsBehind) return true;
            }

            return false;
        }
    }

    /// <summary>
    /// The next frames of all subscriptions, in the order of the log, each once. The usual case, one subscription, is a slice of its
    /// topic without a copy.
    /// </summary>
    private ReadOnlyMemory<byte> Gather()
    {
        lock (_readers)
        {
            var head = _services.Hub.Position;
            if (_readers.Count == 1)
            {
                var only = _readers[0].Reader;
                return only.Peek(head) is null ? default : only.TakeRun(head);
            }

            _gathered?.ResetWrittenCount();
            while (TakeNext(ahead: false, head) is { IsEmpty: false } frame)
            {
                (_gathered ??= new ArrayBufferWriter<byte>(1_024)).Write(frame.Span);
                if (_gathered.WrittenCount >= MaxGather) break;
            }

            return _gathered?.WrittenMemory ?? default;
        }
    }

    /// <summary>The next frame of all readers in the order of the log; those who want it as well pass it.</summary>
    /// <param name="ahead">Of those who send ahead, not of those who send in order.</param>
    private ReadOnlyMemory<byte> TakeNext(bool ahead, long head)
    {
        long? next = null;
        foreach (var subscribed in _readers)
        {
            if ((ahead ? subscribed.Ahead : subscribed.Reader)?.Peek(head) is { } position && (next is null || position < next)) next = position;
        }

        if (next is null) return default;
        var frame = ReadOnlyMemory<byte>.Empty;
        foreach (var subscribed in _readers)
        {
            var reader = ahead ? subscribed.Ahead : subscribed.Reader;
            if (reader is null || reader.Peek(head) != next) continue;
            if (frame.IsEmpty) frame = reader.Take();
            else reader.Skip();
        }

        return frame;
    }
}
