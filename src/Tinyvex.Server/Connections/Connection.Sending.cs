using System.Buffers;
using Tinyvex.Fanout;
using Tinyvex.Feeding;
using Tinyvex.Protocol;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Connections;

/// <summary>
/// The sending half. All frames of a connection go out here, in the order of the log: replies first, then snapshots, then the next
/// frames of what it subscribed to. A connection has no queue of updates, only places in topics; one that falls behind what is in
/// memory reads the log.
/// </summary>
internal sealed partial class Connection
{
    /// <summary>Bytes gathered for one write: a full buffer of the transport beneath.</summary>
    private const int MaxGather = 64 * 1024;

    /// <summary>Bytes read from the log for one write: bounds the memory of a reader that is behind.</summary>
    private const int MaxCatchUp = 512 * 1024;

    private readonly Wakeup _wakeup = new();
    private readonly Queue<SubscribeRequest> _asked = new();
    private readonly List<Subscribed> _readers = [];
    private ArrayBufferWriter<byte>? _gathered;
    private long _pinged;

    /// <summary>A subscription and its place in a topic; null where it is broadcast mode's.</summary>
    private sealed record Subscribed(Subscription? What, TopicReader Reader);

    /// <summary>A request about a subscription; one without a limit ends it.</summary>
    private sealed record SubscribeRequest(ReadOnlyMemory<byte>? Id, Subscription What, int? Limit, bool Reset);

    public void Wake(bool here) => _wakeup.Set(here);

    /// <summary>Subscriptions at present, those asked for included.</summary>
    public int SubscriptionCount
    {
        get
        {
            lock (_readers) return _readers.Count + _asked.Count;
        }
    }

    /// <summary>Answers with a snapshot, and (in sync mode) with every later update.</summary>
    public void Subscribe(ReadOnlyMemory<byte>? id, Subscription what, int limit, bool reset) =>
        Ask(new SubscribeRequest(id, what, limit, reset));

    /// <summary>Ends a subscription, in turn with those asked for before: no update of it follows the answer.</summary>
    public void Unsubscribe(ReadOnlyMemory<byte>? id, Subscription what) => Ask(new SubscribeRequest(id, what, Limit: null, Reset: false));

    private void Ask(SubscribeRequest request)
    {
        lock (_readers)
        {
            // A client that never reads could otherwise ask without end.
            if (_asked.Count >= _services.Options.MaxSubscriptionsPerConnection)
            {
                throw new TinyvexException(ErrorCode.Overloaded, $"{_asked.Count} requests about subscriptions wait already; read their answers first");
            }

            _asked.Enqueue(request);
        }

        _wakeup.Set();
    }

    private void Detach(Subscription what)
    {
        lock (_readers)
        {
            var at = _readers.FindIndex(subscribed => subscribed.What == what);
            if (at < 0) return;
            _services.Hub.Detach(this, _readers[at].Reader);
            _readers.RemoveAt(at);
        }
    }

    private void DetachAll()
    {
        lock (_readers)
        {
            foreach (var subscribed in _readers) _services.Hub.Detach(this, subscribed.Reader);
            _readers.Clear();
            _asked.Clear();
        }
    }

    private async Task SendAsync()
    {
        _pinged = _services.Time.GetTimestamp();
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
                await AnswerAsync(asked);
            }
            else if (IsBehind())
            {
                await CatchUpAsync();
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

    private SubscribeRequest? NextAsked()
    {
        lock (_readers) return _asked.TryDequeue(out var asked) ? asked : null;
    }

    /// <summary>
    /// Attaches first and reads then: what is committed in between is in the snapshot, and the reader begins after it. Since this is
    /// the loop that sends, no update can overtake the snapshot.
    /// </summary>
    private async Task AnswerAsync(SubscribeRequest asked)
    {
        if (asked.Limit is not { } limit)
        {
            Detach(asked.What);
            Reply(json => Replies.Ack(json, asked.Id));
            return;
        }

        if (!IsBroadcast && !_readers.Exists(subscribed => subscribed.What == asked.What))
        {
            var reader = _services.Hub.Attach(this, asked.What.Streams, asked.What.TopicThread);
            lock (_readers) _readers.Add(new Subscribed(asked.What, reader));
        }

        using var frame = new FrameBuilder();
        try
        {
            var position = await _services.Readers.ReadAsync(
                store => SnapshotReader.Write(store, frame.Begin(), _services.Identity, asked.What, limit, asked.Id, asked.Reset), _ended.Token);
            // A second subscription to the same replaces what was sent of the first.
            lock (_readers) _readers.Find(subscribed => subscribed.What == asked.What)?.Reader.MoveTo(position);
            await _stream.WriteAsync(frame.End(), _ended.Token);
        }
        catch (StoreFailure failure)
        {
            Detach(asked.What);
            _handler.LogFailure("tvx.subscribe", failure);
            Reply(json => Replies.Error(json, asked.Id, failure.ToClient()));
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
            while (true)
            {
                long? next = null;
                foreach (var subscribed in _readers)
                {
                    if (subscribed.Reader.Peek(head) is { } position && (next is null || position < next)) next = position;
                }

                if (next is null) break;
                var taken = false;
                foreach (var subscribed in _readers)
                {
                    if (subscribed.Reader.Peek(head) != next) continue;
                    if (taken)
                    {
                        subscribed.Reader.Skip();
                        continue;
                    }

                    taken = true;
                    (_gathered ??= new ArrayBufferWriter<byte>(1_024)).Write(subscribed.Reader.Take().Span);
                }

                if (_gathered!.WrittenCount >= MaxGather) break;
            }

            return _gathered?.WrittenMemory ?? default;
        }
    }

    /// <summary>Sends a batch of the log from the place of the subscription furthest behind.</summary>
    private async Task CatchUpAsync()
    {
        var after = long.MaxValue;
        string? thread = null;
        var oneThread = true;
        // Taken before the log is read: what is published up to here is in what is read.
        var head = _services.Hub.Position;
        lock (_readers)
        {
            foreach (var subscribed in _readers)
            {
                after = Math.Min(after, subscribed.Reader.Wanting(head));
                thread ??= subscribed.Reader.ThreadId;
                oneThread &= subscribed.Reader.ThreadId is not null && subscribed.Reader.ThreadId == thread;
            }
        }

        var frames = new ArrayBufferWriter<byte>(MaxGather);
        using var encoder = new FrameEncoder(_services.Identity);
        var (readTo, atEnd) = await _services.Readers.ReadAsync(store => LogReader.Read(store, after, oneThread ? thread : null, Take), _ended.Token);
        lock (_readers)
        {
            // A thread's part of the log may end long before the position that others have reached.
            if (atEnd) readTo = Math.Max(readTo, head);
            foreach (var subscribed in _readers) subscribed.Reader.MoveTo(readTo);
        }

        bool Take(Change change)
        {
            var stream = FrameEncoder.StreamOf(change);
            lock (_readers)
            {
                if (!_readers.Exists(subscribed => change.Position > subscribed.Reader.After && subscribed.Reader.Wants(stream, change.ThreadId)))
                {
                    return true;
                }
            }

            frames.Write(encoder.Encode(change).Span);
            return frames.WrittenCount < MaxCatchUp;
        }

        if (frames.WrittenCount > 0) await _stream.WriteAsync(frames.WrittenMemory, _ended.Token);
    }
}
