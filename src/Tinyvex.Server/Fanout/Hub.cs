using Tinyvex.Feeding;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Fanout;

/// <summary>
/// Who needs to know: takes the changes of each commit, encodes each once, appends the frame to the topics that someone reads, and
/// wakes the readers. Called by the writer, from one thread at a time; readers attach and detach from any thread.
/// </summary>
internal sealed class Hub : IDisposable
{
    /// <summary>Updates replayed to a late joiner in broadcast mode.</summary>
    public const int ReplayedUpdates = 100;

    /// <summary>Memory of all topics together.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>A topic may lag this much even when very many are read.</summary>
    private const long MinTopicBytes = 128 * 1024;

    /// <summary>About a second of the fastest flood; a reader further behind is better served merged from the log.</summary>
    private const long MaxTopicBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly FrameEncoder _encoder;
    private readonly Dictionary<string, Topic> _threads = new(StringComparer.Ordinal);
    private readonly HashSet<Topic> _touched = [];
    private readonly Topic _all;

    /// <summary>What can be read of all threads, each with its topic.</summary>
    private readonly (StreamSet Streams, Topic Topic)[] _global;

    private long _position;
    private long _lastDeletion;
    private long _published;

    public Hub(StoreIdentity identity, long position)
    {
        _encoder = new FrameEncoder(identity);
        _position = position;
        _all = new Topic(position, ReplayedUpdates);
        _global =
        [
            (StreamSet.Threads | StreamSet.Deleted, new Topic(position)),
            (StreamSet.Runs | StreamSet.Deleted, new Topic(position)),
            (StreamSet.Permissions | StreamSet.Deleted, new Topic(position)),
            (StreamSet.Elicitations | StreamSet.Deleted, new Topic(position)),
        ];
    }

    /// <summary>Everything up to here was published.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The last deletion of a thread since the server's start, or 0.</summary>
    public long LastDeletion => Volatile.Read(ref _lastDeletion);

    /// <summary>Updates published since the start, each counted once however many read it.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Publishes the changes of one commit. All of them become visible to readers at once.</summary>
    /// <param name="alone">Whether this thread has nothing else to do, and may send to one of them.</param>
    public void Publish(IReadOnlyList<Change> changes, bool alone = false)
    {
        if (changes.Count == 0) return;
        lock (_lock)
        {
            var max = Math.Clamp(MaxBytes / (_threads.Count + _global.Length + 1), MinTopicBytes, MaxTopicBytes);
            foreach (var change in changes)
            {
                var stream = FrameEncoder.StreamOf(change);
                var frame = _encoder.Encode(change).Span;
                Append(_all, change, stream, frame, max);
                if (stream == StreamSet.Deleted) Volatile.Write(ref _lastDeletion, change.Position);
                if (_threads.TryGetValue(change.ThreadId, out var thread)) Append(thread, change, stream, frame, max);
                if ((stream & StreamSet.Sparse) == 0) continue;
                foreach (var (streams, topic) in _global)
                {
                    if ((stream & streams) != 0 && topic.Listeners.Length > 0) Append(topic, change, stream, frame, max);
                }
            }

            Volatile.Write(ref _published, _published + changes.Count);
            Volatile.Write(ref _position, changes[^1].Position);
        }

        // Once per commit and topic, however many frames it got.
        ITopicListener? last = null;
        foreach (var topic in _touched)
        {
            foreach (var listener in topic.Listeners)
            {
                last?.Wake(here: false);
                last = listener;
            }
        }

        // The last, so that the others are on their way meanwhile.
        last?.Wake(here: alone);

        _touched.Clear();
    }

    private void Append(Topic topic, Change change, StreamSet stream, ReadOnlySpan<byte> frame, long max)
    {
        topic.Append(change.Position, stream, frame, max);
        _touched.Add(topic);
    }

    /// <summary>A reader of one thread's streams, or of one stream of all threads, from here on.</summary>
    public TopicReader Attach(ITopicListener listener, StreamSet streams, string? threadId)
    {
        lock (_lock)
        {
            Topic topic;
            if (threadId is null)
            {
                topic = Array.Find(_global, one => (one.Streams & streams & ~StreamSet.Deleted) != 0).Topic;
                // Nobody read it until now, so nothing was kept.
                if (topic.Listeners.Length == 0) topic.Restart(_position);
            }
            else if (!_threads.TryGetValue(threadId, out topic!))
            {
                topic = new Topic(_position);
                _threads.Add(threadId, topic);
            }

            Listen(topic, listener);
            return new TopicReader(topic, streams, threadId, _position);
        }
    }

    /// <summary>A reader of everything, beginning with the last updates; and how many more of those are in the log alone, from before the start.</summary>
    public (TopicReader Reader, int Earlier) AttachBroadcast(ITopicListener listener)
    {
        lock (_lock)
        {
            Listen(_all, listener);
            var (after, missing) = _all.Back(ReplayedUpdates);
            return (new TopicReader(_all, StreamSet.Thread, null, after), missing);
        }
    }

    public void Detach(ITopicListener listener, TopicReader reader)
    {
        lock (_lock)
        {
            var listeners = new List<ITopicListener>(reader.Topic.Listeners);
            listeners.Remove(listener);
            reader.Topic.Listeners = [.. listeners];
            if (listeners.Count == 0 && reader.ThreadId is { } thread) _threads.Remove(thread);
        }
    }

    private static void Listen(Topic topic, ITopicListener listener) => topic.Listeners = [.. topic.Listeners, listener];

    public void Dispose() => _encoder.Dispose();
}
