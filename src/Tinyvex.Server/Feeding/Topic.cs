namespace Tinyvex.Feeding;

/// <summary>
/// The recent frames of one thread, or of one kind across threads: the log, as far as it is kept in memory. There is no queue
/// per reader: each has a place in here, and one whose place was dropped reads the log in the store until it is back.
/// </summary>
internal sealed class Topic(long since, int minFrames = 0)
{
    /// <summary>Small enough to stay out of the large object heap.</summary>
    private const int SegmentBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Segment> _segments = [];
    private long _first;
    private long _bytes;
    private long _droppedTo = since;

    /// <summary>Readers to be woken; replaced as a whole, so that it can be walked without a lock.</summary>
    public ITopicListener[] Listeners { get; set; } = [];

    /// <summary>Frames up to this position are not in here (any more).</summary>
    public long DroppedTo => Volatile.Read(ref _droppedTo);

    /// <summary>Appends a frame; called by the publisher only.</summary>
    public void Append(long position, StreamSet stream, ReadOnlySpan<byte> frame, long maxBytes)
    {
        lock (_lock)
        {
            if (_segments.Count > 0 && _segments[^1].TryAdd(position, stream, frame)) return;
            // A quiet topic begins small: most threads say little while someone looks.
            var size = _segments.Count == 0 && minFrames == 0 ? 4 * 1024 : SegmentBytes;
            var segment = new Segment(Math.Max(size, frame.Length));
            segment.TryAdd(position, stream, frame);
            _segments.Add(segment);
            _bytes += segment.Capacity;
            while (_bytes > maxBytes && _segments.Count > 1 && FramesAfterFirst() >= minFrames) DropFirst();
        }
    }

    /// <summary>Forgets all frames: nobody kept them up to <paramref name="position"/>.</summary>
    public void Restart(long position)
    {
        lock (_lock)
        {
            _first += _segments.Count;
            _segments.Clear();
            _bytes = 0;
            Volatile.Write(ref _droppedTo, position);
        }
    }

    private int FramesAfterFirst()
    {
        if (minFrames == 0) return 0;
        var frames = 0;
        for (var i = 1; i < _segments.Count; i++) frames += _segments[i].Count;
        return frames;
    }

    private void DropFirst()
    {
        var dropped = _segments[0];
        _segments.RemoveAt(0);
        _first++;
        _bytes -= dropped.Capacity;
        Volatile.Write(ref _droppedTo, dropped[dropped.Count - 1].Position);
    }

    /// <summary>The segment of a number, or null where it was dropped or is yet to come.</summary>
    public Segment? Get(long number)
    {
        lock (_lock)
        {
            var index = number - _first;
            return index >= 0 && index < _segments.Count ? _segments[(int)index] : null;
        }
    }

    /// <summary>The place of the first frame after a position; null where frames after it were dropped.</summary>
    public (long Segment, int Index)? Seek(long after)
    {
        lock (_lock)
        {
            if (after < _droppedTo) return null;
            for (var i = 0; i < _segments.Count; i++)
            {
                var segment = _segments[i];
                if (segment[segment.Count - 1].Position <= after) continue;
                var index = 0;
                while (segment[index].Position <= after) index++;
                return (_first + i, index);
            }

            return _segments.Count == 0 ? (_first, 0) : (_first + _segments.Count - 1, _segments[^1].Count);
        }
    }

    /// <summary>The position before the last <paramref name="frames"/> frames, and how many of them are not here.</summary>
    public (long After, int Missing) Back(int frames)
    {
        lock (_lock)
        {
            for (var i = _segments.Count - 1; i >= 0; i--)
            {
                var count = _segments[i].Count;
                if (frames <= count) return (_segments[i][count - frames].Position - 1, 0);
                frames -= count;
            }

            return (_droppedTo, frames);
        }
    }
}
