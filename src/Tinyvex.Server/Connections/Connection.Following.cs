using System.Buffers;
using Tinyvex.Fanout;
using Tinyvex.Feeding;
using Tinyvex.Protocol;
using Tinyvex.Storage;

namespace Tinyvex.Connections;

/// <summary>
/// What a connection follows: its subscriptions, how each is answered, and how one that is behind is caught up from the log. All of
/// it runs in the loop that sends, so no update can overtake the answer to its subscription.
/// </summary>
internal sealed partial class Connection
{
    private readonly Queue<SubscribeRequest> _asked = new();
    private readonly List<Subscribed> _readers = [];
    private int _earlier;

    /// <summary>Subscriptions at present, those asked for included.</summary>
    public int SubscriptionCount
    {
        get
        {
            lock (_readers) return _readers.Count + _asked.Count;
        }
    }

    /// <summary>Its places in the log, and how many of them are no longer in memory.</summary>
    public (int All, int Behind) CountPlaces()
    {
        lock (_readers) return (_readers.Count, _readers.Count(subscribed => subscribed.Reader.IsBehind));
    }

    /// <summary>Answers with a snapshot, or goes on after a cursor; then (in sync mode) with every later update.</summary>
    public void Subscribe(ReadOnlyMemory<byte>? id, Subscription what, int limit, string? since) =>
        Ask(new SubscribeRequest(id, what, limit, since));

    /// <summary>Ends a subscription, in turn with those asked for before: no update of it follows the answer.</summary>
    public void Unsubscribe(ReadOnlyMemory<byte>? id, Subscription what) => Ask(new SubscribeRequest(id, what, Limit: null, Since: null));

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

    private SubscribeRequest? NextAsked()
    {
        lock (_readers) return _asked.TryDequeue(out var asked) ? asked : null;
    }

    private async Task AnswerAsync(SubscribeRequest asked)
    {
        if (asked.Limit is not { } limit)
        {
            Detach(asked.What);
            Reply(json => Replies.Ack(json, asked.Id));
            return;
        }

        try
        {
            var subscribed = IsBroadcast ? null : Attach(asked.What);
            if (subscribed is null || !await TryResumeAsync(asked, subscribed)) await SendSnapshotAsync(asked, limit, subscribed);
            subscribed?.Answered(_services.Hub.Position);
        }
        catch (StoreFailure failure)
        {
            Detach(asked.What);
            _handler.LogFailure(Controls.Subscribe, failure);
            _handler.Refuse(asked.Id, failure.ToClient());
        }
    }

    /// <summary>Before anything is read: what is committed from now on is in its topic.</summary>
    private Subscribed Attach(Subscription what)
    {
        lock (_readers)
        {
            if (_readers.Find(one => one.What == what) is { } known) return known;
            var subscribed = new Subscribed(what, _services.Hub.Attach(this, what.Streams, what.TopicThread));
            _readers.Add(subscribed);
            return subscribed;
        }
    }

    /// <summary>Goes on after the client's cursor; false where there is none, or none that can be followed.</summary>
    private async Task<bool> TryResumeAsync(SubscribeRequest asked, Subscribed subscribed)
    {
        if (asked.Since is not { } since) return false;
        if (await _services.Resumption.PositionAsync(asked.What, since, _ended.Token) is not { } position) return false;
        // What was missed follows as with anyone who is behind.
        lock (_readers) subscribed.Reader.StartAt(position);
        using var frame = new FrameBuilder();
        Replies.Resumed(frame.Begin(), asked.Id, asked.What.Stream, asked.What.ThreadId, Cursor.At(_services.Identity, position));
        await _stream.WriteAsync(frame.End(), _ended.Token);
        return true;
    }

    private async Task SendSnapshotAsync(SubscribeRequest asked, int limit, Subscribed? subscribed)
    {
        var (snapshot, _) = await _services.Snapshots.GetAsync(
            (asked.What, limit), store => SnapshotReader.Read(store, _services.Identity, asked.What, limit), _ended.Token);
        // It may be older than the place, where it was read for somebody else who asked before: then the log has what lies between.
        lock (_readers) subscribed?.Reader.StartAt(snapshot.Position);
        using var frame = new FrameBuilder();
        var head = SnapshotReader.Head(frame, snapshot, asked.Id, reset: asked.Since is not null && !IsBroadcast);
        await SendAheadAsync();
        await _stream.WriteAsync(head, snapshot.Rest, _ended.Token);
    }

    /// <summary>
    /// Sends permissions and states of runs that are in memory before what is large. They have no cursor: what comes before them in the
    /// log has yet to be sent.
    /// </summary>
    private async ValueTask SendAheadAsync()
    {
        ArrayBufferWriter<byte>? frames = null;
        lock (_readers)
        {
            var head = _services.Hub.Position;
            foreach (var subscribed in _readers) subscribed.Ahead?.MoveTo(Math.Max(subscribed.Reader.After, subscribed.Reader.Topic.DroppedTo));
            while (frames is not { WrittenCount: >= MaxGather } && TakeNext(ahead: true, head) is { IsEmpty: false } frame)
            {
                using var encoder = new FrameEncoder(_services.Identity);
                (frames ??= new ArrayBufferWriter<byte>(1_024)).Write(encoder.WithoutCursor(frame.Span).Span);
            }
        }

        if (frames is not null) await _stream.WriteAsync(frames.WrittenMemory, _ended.Token);
    }

    /// <summary>
    /// What has to be read from the log next, or null where no reader is behind: the range of the one furthest behind, and of those that
    /// stand beside it. Readers of one thread are caught up together, so that each update goes out once.
    /// </summary>
    private LogRange? NextRange()
    {
        lock (_readers)
        {
            // Taken before the log is read: what is published up to here is in what is read.
            var head = _services.Hub.Position;
            Subscribed? first = null;
            foreach (var subscribed in _readers)
            {
                if (subscribed.Reader.IsBehind && (first is null || subscribed.Reader.After < first.Reader.After)) first = subscribed;
            }

            if (first is null) return null;
            var (after, to, streams) = (first.Reader.After, head, StreamSet.None);
            foreach (var other in _readers)
            {
                if (other.ThreadId != first.ThreadId) continue;
                if (other.Reader.After == after) streams |= other.Reader.Streams;
                else if (other.Reader.After > after) to = Math.Min(to, other.Reader.After);
            }

            return new LogRange(first.ThreadId, streams, after, to);
        }
    }

    /// <summary>Sends the next batch of a range.</summary>
    private async Task CatchUpAsync(LogRange range)
    {
        // One whose place is ahead of what was published has a snapshot that is newer: it has nothing to catch up with yet.
        var (batch, _) = await _services.Batches.GetAsync(range, store => LogReader.Read(store, _services.Identity, range), _ended.Token);
        _services.Counts.Merge(batch.Merged);
        var frames = batch.Frames;
        lock (_readers)
        {
            foreach (var subscribed in _readers)
            {
                if (subscribed.ThreadId == range.ThreadId && subscribed.Reader.After == range.After) subscribed.Reader.MoveTo(batch.ReadTo);
            }

            if (!MayHaveCursor(batch)) frames = WithoutLastCursor(batch);
        }

        if (!frames.IsEmpty) await _stream.WriteAsync(frames, _ended.Token);
    }

    /// <summary>In broadcast mode: the last updates from before the server's start, each as it is.</summary>
    private async Task SendEarlierAsync(int count)
    {
        var before = _readers[0].Reader.After;
        var frames = await _services.Readers.ReadAsync(
            store => LogReader.ReadLast(store, _services.Identity, before, count), _ended.Token);
        if (!frames.IsEmpty) await _stream.WriteAsync(frames, _ended.Token);
    }

    /// <summary>A cursor speaks for every subscription that the update belongs to: each must have been sent all that came before.</summary>
    private bool MayHaveCursor(LogBatch batch)
    {
        if (batch.Last is not { } last) return true;
        var stream = FrameEncoder.StreamOf(last);
        return _readers.TrueForAll(one => !one.Reader.Wants(stream, last.ThreadId) || one.Reader.After >= batch.ReadTo);
    }

    private ReadOnlyMemory<byte> WithoutLastCursor(LogBatch batch)
    {
        using var encoder = new FrameEncoder(_services.Identity);
        var frames = new ArrayBufferWriter<byte>(batch.Frames.Length);
        frames.Write(batch.Frames.Span[..batch.LastAt]);
        frames.Write(encoder.WithoutCursor(batch.Frames.Span[batch.LastAt..]).Span);
        return frames.WrittenMemory;
    }
}
