namespace Tinyvex.Replaying;

/// <summary>Cuts a stream into lines, in memory that grows with the longest line only.</summary>
internal sealed class LineReader(Stream stream, int maxLength)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    // What has been searched already is not searched again: a long line that arrives in small pieces would cost its square.
    private int _searched;
    private bool _ended;

    /// <summary>The next line, or null at the end of the stream. Blocks: console streams have no reads that do not.</summary>
    public Line? Read()
    {
        var tooLong = false;
        while (true)
        {
            var found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = Cut(_searched + found, tooLong);
                _start = _searched += found + 1;
                return line;
            }

            _searched = _end;
            if (_end - _start > maxLength)
            {
                tooLong = true;
                _start = _searched = _end = 0;
            }

            if (_ended || !Fill())
            {
                _ended = true;
                if (_start == _end && !tooLong)
                    return null;
                var last = Cut(_end, tooLong);
                _start = _searched = _end;
                return last;
            }
        }
    }

    private Line Cut(int end, bool tooLong)
    {
        if (tooLong || end - _start > maxLength)
            return new Line(default, IsTooLong: true);
        if (end > _start && _buffer[end - 1] == (byte)'\r')
            end--;
        return new Line(_buffer.AsMemory(_start, end - _start), IsTooLong: false);
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, Math.Max(maxLength + 64 * 1024, _buffer.Length + 1)));

        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }
}
