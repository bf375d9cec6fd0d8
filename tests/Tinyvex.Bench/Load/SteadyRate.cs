using System.Diagnostics;

namespace Tinyvex.Bench.Load;

/// <summary>One producer and the subscribers of its thread, all on one thread of ours, and how long each update takes from one to each other.</summary>
internal sealed class SteadyRate : IDisposable
{
    /// <summary>Without anything that arrives: many times what any update takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Producer _producer;
    private readonly Dictionary<LoadSocket, long> _received = [];
    private readonly SocketSet _set;
    private readonly List<double> _latencies = [];
    private readonly ReadOnlySpanAction _take;
    private long[] _sentAt = [];
    private long _timedFrom;
    private long _deliveries;
    private LoadSocket? _reading;

    public SteadyRate(ServerProcess server, string threadId, int subscribers)
    {
        _take = Take;
        _producer = new Producer(server.Port, threadId);
        for (var i = 0; i < subscribers; i++)
        {
            var subscriber = LoadSocket.Connect(server.Port);
            _received.Add(subscriber, 0);
            subscriber.Subscribe(threadId);
        }

        _set = new SocketSet([_producer.Socket, .. _received.Keys]);
    }

    public long Sent => _producer.Sent;

    /// <summary>Sends as fast as it is acked, and waits until everyone has it.</summary>
    public void Flood(int count)
    {
        const int window = 64;
        var end = Sent + count;
        _timedFrom = end;
        Run(end, () =>
        {
            if ((int)Math.Min(end - Sent, window - (Sent - _producer.Acked)) is > 0 and var next) _producer.Send(next);
            return Patience;
        });
    }

    /// <summary>Microseconds from before the send of an update until a subscriber has its frame, for each update and subscriber.</summary>
    public List<double> Run(int perSecond, double seconds)
    {
        var count = Math.Max(1, (int)(perSecond * seconds));
        (_timedFrom, _sentAt) = (Sent, new long[count]);
        _latencies.Clear();
        _latencies.EnsureCapacity(count * _received.Count);
        var started = Stopwatch.GetTimestamp();
        Run(Sent + count, () =>
        {
            while (true)
            {
                var sent = Sent - _timedFrom;
                if (sent == count) return Patience;
                var untilNext = TimeSpan.FromSeconds((double)sent / perSecond) - Stopwatch.GetElapsedTime(started);
                if (untilNext > TimeSpan.Zero) return untilNext;
                _sentAt[sent] = Stopwatch.GetTimestamp();
                _producer.Send(1);
            }
        });
        return _latencies;
    }

    /// <param name="send">Sends what is to be sent now, and answers how long to wait for the next.</param>
    private void Run(long end, Func<TimeSpan> send)
    {
        var (before, wanted) = (_deliveries, end * _received.Count);
        var last = Stopwatch.GetTimestamp();
        while (_deliveries < wanted || _producer.Acked < end)
        {
            _set.Wait((int)Math.Ceiling(send().TotalMilliseconds), socket =>
            {
                if (socket == _producer.Socket)
                {
                    _producer.Receive();
                    return;
                }

                _reading = socket;
                socket.Receive(_take);
            });
            if (_deliveries > before) (before, last) = (_deliveries, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(last) > Patience) throw new IOException($"{_deliveries} of {wanted} updates were delivered");
        }
    }

    private void Take(ReadOnlySpan<byte> json)
    {
        var now = Stopwatch.GetTimestamp();
        // One but for a subscriber that is behind, and none where it tells of a message's end.
        var count = json.Count(Chunk.Mark);
        if (count == 0) return;
        var number = Producer.NumberOf(json);
        var expected = _received[_reading!];
        if (number != expected) throw new IOException($"a subscriber was sent update {number} where {expected} was next");
        _received[_reading!] = expected + count;
        _deliveries += count;
        if (number >= _timedFrom) _latencies.Add(Stopwatch.GetElapsedTime(_sentAt[number - _timedFrom], now).TotalMicroseconds);
    }

    public void Dispose()
    {
        _producer.Dispose();
        foreach (var subscriber in _received.Keys) subscriber.Dispose();
    }
}
