namespace Tinyvex.Bench.Kestrel;

/// <summary>What is sent to the subscribers of one thread: a chain of batches, of which each of them holds the one it has read.</summary>
internal sealed class Feed
{
    private FrameBatch _latest = new([]);

    /// <summary>The batch after which a reader begins.</summary>
    public FrameBatch Latest => Volatile.Read(ref _latest);

    public void Publish(byte[] frames)
    {
        var batch = new FrameBatch(frames);
        Interlocked.Exchange(ref _latest, batch).SetNext(batch);
    }
}
