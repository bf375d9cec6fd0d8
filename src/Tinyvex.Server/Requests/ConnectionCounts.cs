namespace Tinyvex.Requests;

/// <summary>What came and went on all connections since the start. Counted from any thread, read from any.</summary>
internal sealed class ConnectionCounts
{
    private readonly long[] _refused = new long[Enum.GetValues<ErrorCode>().Length];
    private long _received;
    private long _sent;
    private long _requests;
    private long _opened;
    private long _turnedAway;
    private long _givenUp;
    private long _merged;

    /// <summary>Bytes of WebSockets, frame headers included.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _received);

    public long SentBytes => Interlocked.Read(ref _sent);

    public long Requests => Interlocked.Read(ref _requests);

    public long ConnectionsOpened => Interlocked.Read(ref _opened);

    /// <summary>Connections that were refused since there were too many.</summary>
    public long ConnectionsTurnedAway => Interlocked.Read(ref _turnedAway);

    /// <summary>Connections whose client took nothing for too long.</summary>
    public long ConnectionsGivenUp => Interlocked.Read(ref _givenUp);

    /// <summary>Chunks that a reader who was behind was not sent one by one.</summary>
    public long ChunksMerged => Interlocked.Read(ref _merged);

    /// <summary>Requests that were answered with an error of a code.</summary>
    public long Refused(ErrorCode code) => Interlocked.Read(ref _refused[(int)code]);

    public void Received(int bytes) => Interlocked.Add(ref _received, bytes);

    public void Sent(int bytes) => Interlocked.Add(ref _sent, bytes);

    public void Request() => Interlocked.Increment(ref _requests);

    public void Refuse(ErrorCode code) => Interlocked.Increment(ref _refused[(int)code]);

    public void Open() => Interlocked.Increment(ref _opened);

    public void TurnAway() => Interlocked.Increment(ref _turnedAway);

    public void GiveUp() => Interlocked.Increment(ref _givenUp);

    public void Merge(long chunks)
    {
        if (chunks > 0) Interlocked.Add(ref _merged, chunks);
    }
}
