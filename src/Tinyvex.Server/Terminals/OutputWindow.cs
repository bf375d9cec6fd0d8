using System.Text;
using System.Text.Unicode;

namespace Tinyvex.Terminals;

/// <summary>
/// The last of what a terminal has printed, as UTF-8: what is none becomes U+FFFD. Places are counted in bytes of all that was printed. Written by one
/// thread at a time, read by any.
/// </summary>
internal sealed class OutputWindow(int limit)
{
    /// <summary>What is beyond the limit is let go of in steps of this many bytes, so that it is not moved for each piece.</summary>
    private const int Slack = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly byte[] _half = new byte[4];
    private byte[] _bytes = new byte[4 * 1024];
    private int _count;
    private int _halfCount;
    private long _start;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _changed;

    /// <summary>Bytes of all that was printed.</summary>
    public long End
    {
        get
        {
            lock (_lock) return _start + _count;
        }
    }

    /// <summary>Whether nothing more will be printed.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>Ends once nothing more will be printed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Ends when there is more than up to a place, or will never be.</summary>
    public Task BeyondAsync(long place)
    {
        lock (_lock)
        {
            if (IsClosed || _start + _count > place) return Task.CompletedTask;
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }

    /// <summary>Adds what was printed. A character that is cut at the end waits for its rest.</summary>
    public void Append(ReadOnlySpan<byte> printed)
    {
        lock (_lock)
        {
            if (_halfCount > 0)
            {
                byte[] joined = [.. _half.AsSpan(0, _halfCount), .. printed];
                _halfCount = 0;
                AppendWhole(joined);
            }
            else
            {
                AppendWhole(printed);
            }

            Tell();
        }
    }

    /// <summary>Ends the output, with last words where there are any.</summary>
    public void Close(string words = "")
    {
        lock (_lock)
        {
            if (IsClosed) return;
            if (_halfCount > 0) Add("\uFFFD"u8);
            Add(Encoding.UTF8.GetBytes(words));
            _closed.SetResult();
            Tell();
        }
    }

    /// <summary>The end of the output from a place on, of at most so many bytes, from where a character begins.</summary>
    public (long From, byte[] Text) Read(long from, long most)
    {
        lock (_lock)
        {
            var end = _start + _count;
            most = Math.Min(most, limit);
            var at = (int)(Math.Max(Math.Max(from, _start), end - most) - _start);
            while (at < _count && (_bytes[at] & 0xC0) == 0x80) at++;
            return (_start + at, _bytes.AsSpan(at, _count - at).ToArray());
        }
    }

    /// <summary>Where the first character from a place on begins; null where that is not kept any more.</summary>
    public long? CharacterFrom(long place)
    {
        lock (_lock)
        {
            if (place < _start) return null;
            var at = (int)Math.Min(place - _start, _count);
            while (at < _count && (_bytes[at] & 0xC0) == 0x80) at++;
            return _start + at;
        }
    }

    private void AppendWhole(ReadOnlySpan<byte> printed)
    {
        var whole = printed.Length - HalfAtEnd(printed);
        printed[whole..].CopyTo(_half);
        _halfCount = printed.Length - whole;
        printed = printed[..whole];
        if (Utf8.IsValid(printed))
        {
            Add(printed);
            return;
        }

        // A program that prints bytes of another kind: each of them becomes the mark of what is no text.
        Span<byte> one = stackalloc byte[4];
        while (!printed.IsEmpty)
        {
            Rune.DecodeFromUtf8(printed, out var rune, out var consumed);
            Add(one[..rune.EncodeToUtf8(one)]);
            printed = printed[consumed..];
        }
    }

    /// <summary>Bytes at the end that are the beginning of a character.</summary>
    private static int HalfAtEnd(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            if ((b & 0xC0) == 0x80) continue;
            var length = b switch { >= 0xF0 and < 0xF8 => 4, >= 0xE0 and < 0xF0 => 3, >= 0xC0 and < 0xE0 => 2, _ => 1 };
            return length > back ? back : 0;
        }

        return 0;
    }

    private void Add(ReadOnlySpan<byte> text)
    {
        if (text.Length > limit)
        {
            // Only the end of it is kept.
            _start += _count + text.Length - limit;
            _count = 0;
            text = text[^limit..];
        }

        if (_count + text.Length > limit + Slack)
        {
            var gone = _count + text.Length - limit;
            _bytes.AsSpan(gone, _count - gone).CopyTo(_bytes);
            _start += gone;
            _count -= gone;
        }

        if (_count + text.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Min(Math.Max(_bytes.Length * 2, _count + text.Length), limit + Slack));
        text.CopyTo(_bytes.AsSpan(_count));
        _count += text.Length;
    }

    private void Tell()
    {
        _changed?.SetResult();
        _changed = null;
    }
}
