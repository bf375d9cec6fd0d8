using System.Threading.Channels;

namespace Tinyvex.Cli.Proxying;

/// <summary>
/// What waits for the server, bounded by its bytes. An editor's session never waits: what is too much is left out, counted, and a
/// hole stands in its place.
/// </summary>
internal sealed class RecordQueue(int maxBytes, TimeProvider time, Action<RecordEntry> lost)
{
    /// <summary>Room beyond the limit for what gives threads their shape: ends of turns and the like, of which there are few.</summary>
    private const int ReservedBytes = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Channel<RecordEntry> _entries = Channel.CreateUnbounded<RecordEntry>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;
    private Hole? _hole;

    public ChannelReader<RecordEntry> Reader => _entries.Reader;

    public void Add(RecordEntry entry)
    {
        lock (_lock)
        {
            if (_bytes + entry.Weight > maxBytes && entry.MayBeLost && _hole is null)
            {
                _hole = new Hole(entry.Session, time.GetLocalNow());
                _entries.Writer.TryWrite(_hole);
            }

            if (_hole is null || (!entry.MayBeLost && _bytes + entry.Weight <= maxBytes + ReservedBytes))
            {
                _bytes += entry.Weight;
                _entries.Writer.TryWrite(entry);
                return;
            }

            _hole.Lost[entry.Session] = _hole.Lost.GetValueOrDefault(entry.Session) + 1;
        }

        lost(entry);
    }

    /// <summary>An entry was dealt with.</summary>
    public void Done(RecordEntry entry)
    {
        lock (_lock) _bytes -= entry is Hole ? 0 : entry.Weight;
    }

    /// <summary>The recorder has come to a hole: what passes from now on is taken again.</summary>
    public void Close(Hole hole)
    {
        lock (_lock)
        {
            if (_hole == hole) _hole = null;
        }
    }

    public void Complete() => _entries.Writer.TryComplete();
}
