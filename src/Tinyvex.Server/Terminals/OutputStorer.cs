using Tinyvex.Writing;

namespace Tinyvex.Terminals;

/// <summary>
/// Stores what a terminal prints, piece by piece, and with it has it shown. What is printed faster than the store should have to take is passed over
/// and not waited for: of a flood only the newest is stored, and once it is over, all that is kept.
/// </summary>
internal sealed class OutputStorer(OutputWindow window, string threadId, string terminalId, Writer writer, TinyvexOptions options, TimeProvider time)
{
    /// <summary>Text of one write, which is one update to each client.</summary>
    private const int MaxPieceBytes = 64 * 1024;

    /// <summary>What is stored of a terminal in a second once it has used up a whole window's worth: nobody reads faster, and a disk should not wear.</summary>
    private const double BytesPerSecond = 128 * 1024;

    /// <summary>Time between two writes: what is printed character by character is one update all the same, and looks as if it came at once.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Silence behind a flood after which all that is kept is stored.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private long _storedTo;
    private long _storedFrom;
    private bool _hasGap;

    /// <summary>Stores until the output has ended and all of it is stored.</summary>
    /// <exception cref="TinyvexException">The thread is gone, the store refuses it, or the server stops.</exception>
    public async Task RunAsync()
    {
        double credit = options.MaxTerminalBytes;
        var last = time.GetTimestamp() - time.TimestampFrequency;
        while (true)
        {
            var more = window.BeyondAsync(_storedTo);
            if (_hasGap && await Task.WhenAny(more, Task.Delay(Calm, time)) != more)
            {
                await StoreAllAsync();
                continue;
            }

            await more;
            if (window.IsClosed && window.End == _storedTo) break;
            var elapsed = time.GetElapsedTime(last);
            if (elapsed < Interval && !window.IsClosed) await Task.WhenAny(window.Closed, Task.Delay(Interval - elapsed, time));
            credit = Math.Min(options.MaxTerminalBytes, credit + (time.GetElapsedTime(last).TotalSeconds * BytesPerSecond));
            last = time.GetTimestamp();
            credit -= await StoreNewestAsync((long)credit);
        }

        if (_hasGap) await StoreAllAsync();
    }

    /// <summary>Stores what was printed since, or the newest of it.</summary>
    private async Task<int> StoreNewestAsync(long most)
    {
        var (from, text) = window.Read(_storedTo, most);
        if (from != _storedTo) (_hasGap, _storedFrom) = (true, from);
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(MaxPieceBytes, text.Length - at);
            while (at + length < text.Length && (text[at + length] & 0xC0) == 0x80) length--;
            // Where the store is far behind, the window may have let go of that place; the next write comes to one that it has.
            _storedFrom = Math.Max(_storedFrom, window.CharacterFrom(from + at + length - options.MaxTerminalBytes) ?? 0);
            await StoreAsync(from + at, text.AsMemory(at, length), isAnew: false);
            at += length;
        }

        _storedTo = from + text.Length;
        return text.Length;
    }

    private async Task StoreAllAsync()
    {
        var (from, text) = window.Read(0, options.MaxTerminalBytes);
        (_storedFrom, _storedTo, _hasGap) = (from, from + text.Length, false);
        await StoreAsync(from, text, isAnew: true);
    }

    private async Task StoreAsync(long from, ReadOnlyMemory<byte> text, bool isAnew)
    {
        var outcome = await writer.WriteAsync(done => new PrintInTerminal
        {
            ThreadId = threadId,
            TerminalId = terminalId,
            From = from,
            Text = text,
            OutputStart = _storedFrom,
            IsAnew = isAnew,
            Completed = done,
        });
        if (outcome.Error is { } error) throw error;
    }
}
