namespace Tinyvex.Feeding;

/// <summary>
/// A piece of a topic: frames one after the other in one array, so that a run of them goes out in one write. Filled by the one
/// publisher; read by anyone up to <see cref="Count"/>, which is moved on last. Never reused, since writes may still hold it.
/// </summary>
internal sealed class Segment(int capacity)
{
    /// <summary>Frames of a segment: at 250 bytes each, a segment's bytes.</summary>
    private const int MaxFrames = 512;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    private readonly Entry[] _entries = new Entry[capacity > 0 ? Math.Clamp(capacity / 64, 1, MaxFrames) : 1];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public int Capacity => _bytes.Length;

    public ref readonly Entry this[int index] => ref _entries[index];

    /// <summary>Adds a frame; false when it does not fit.</summary>
    public bool TryAdd(long position, StreamSet stream, ReadOnlySpan<byte> frame)
    {
        var start = _count == 0 ? 0 : _entries[_count - 1].End;
        if (_count == _entries.Length || frame.Length > _bytes.Length - start) return false;
        frame.CopyTo(_bytes.AsSpan(start));
        _entries[_count] = new Entry(position, stream, start, start + frame.Length);
        Volatile.Write(ref _count, _count + 1);
        return true;
    }

    /// <summary>The bytes of the frames from <paramref name="first"/> up to and without <paramref name="end"/>.</summary>
    public ReadOnlyMemory<byte> Slice(int first, int end) => _bytes.AsMemory(_entries[first].Start.._entries[end - 1].End);

    /// <summary>A frame's place.</summary>
    internal readonly record struct Entry(long Position, StreamSet Stream, int Start, int End);
}
