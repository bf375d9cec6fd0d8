namespace Tinyvex.Feeding;

/// <summary>One subscription's place in a topic. Used by its connection's sender only.</summary>
internal sealed class TopicReader(Topic topic, StreamSet streams, string? threadId, long after)
{
    private long _segment;
    private int _index;
    private bool _placed;
    private Segment? _current;

    public Topic Topic => topic;

    /// <summary>The thread whose frames are wanted; null for those of all threads.</summary>
    public string? ThreadId => threadId;

    /// <summary>Everything wanted up to here was sent.</summary>
    public long After { get; private set; } = after;

    /// <summary>Whether frames it wants may have been dropped from memory.</summary>
    public bool IsBehind => After < topic.DroppedTo;

    public StreamSet Streams => streams;

    public bool Wants(StreamSet stream, string thread) => (streams & stream) != 0 && (threadId is null || threadId == thread);

    /// <summary>Goes on after a position, be it before or behind its place.</summary>
    public void StartAt(long position)
    {
        After = position;
        _placed = false;
        _current = null;
    }

    /// <summary>Notes that everything up to a position was sent.</summary>
    public void MoveTo(long position)
    {
        if (position > After) StartAt(position);
    }

    /// <summary>
    /// The position after which it wants something up to <paramref name="head"/>. Nothing need be read before it, however long ago
    /// this reader was sent its last frame.
    /// </summary>
    public long Wanting(long head)
    {
        var next = Peek(head);
        // Asked after the look: what was dropped meanwhile makes it behind, and the look worth nothing.
        if (IsBehind) return After;
        return next is { } position ? position - 1 : Math.Max(After, head);
    }

    /// <summary>The position of its next frame up to <paramref name="head"/>, or null.</summary>
    public long? Peek(long head)
    {
        if (!_placed)
        {
            if (topic.Seek(After) is not { } place) return null;
            (_segment, _index) = place;
            _placed = true;
        }

        while (true)
        {
            _current ??= topic.Get(_segment);
            if (_current is null) return null;
            if (_index == _current.Count)
            {
                if (topic.Get(_segment + 1) is not { } next) return null;
                // The count is read again, now that it is known to be final.
                if (_index < _current.Count) continue;
                _segment++;
                _index = 0;
                _current = next;
                continue;
            }

            ref readonly var entry = ref _current[_index];
            if (entry.Position > head) return null;
            if ((entry.Stream & streams) != 0 && entry.Position > After) return entry.Position;
            _index++;
            After = Math.Max(After, entry.Position);
        }
    }

    /// <summary>The frame that <see cref="Peek"/> found.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var frame = _current!.Slice(_index, _index + 1);
        Skip();
        return frame;
    }

    /// <summary>Passes the frame that <see cref="Peek"/> found.</summary>
    public void Skip()
    {
        After = _current![_index].Position;
        _index++;
    }

    /// <summary>The frame that <see cref="Peek"/> found, and all that follow it without a gap up to <paramref name="head"/>.</summary>
    public ReadOnlyMemory<byte> TakeRun(long head)
    {
        var first = _index;
        var count = _current!.Count;
        while (_index < count && _current[_index].Position <= head && (_current[_index].Stream & streams) != 0) _index++;
        After = _current[_index - 1].Position;
        return _current.Slice(first, _index);
    }
}
