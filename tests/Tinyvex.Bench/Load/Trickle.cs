using System.Diagnostics;

namespace Tinyvex.Bench.Load;

/// <summary>One producer at a steady rate and one subscriber, and how long each update takes from one to the other.</summary>
internal static class Trickle
{
    private const int PerSecond = 200;

    /// <summary>Microseconds from before the send until the subscriber has the frame, update by update.</summary>
    public static List<double> Run(ServerProcess server, string threadId, double seconds)
    {
        using var producer = new Producer(server.Port, threadId);
        using var subscriber = LoadSocket.Connect(server.Port);
        subscriber.Subscribe(threadId);
        var count = Math.Max(1, (int)(PerSecond * seconds));
        var sentAt = new long[count];
        var latencies = new List<double>(count);
        var set = new SocketSet([producer.Socket, subscriber]);
        var started = Stopwatch.GetTimestamp();
        while (latencies.Count < count)
        {
            var untilNext = producer.Sent < count
                ? TimeSpan.FromSeconds((double)producer.Sent / PerSecond) - Stopwatch.GetElapsedTime(started)
                : TimeSpan.FromSeconds(1);
            if (untilNext <= TimeSpan.Zero)
            {
                sentAt[producer.Sent] = Stopwatch.GetTimestamp();
                producer.Send(1);
                continue;
            }

            set.Wait((int)Math.Ceiling(untilNext.TotalMilliseconds), socket =>
            {
                if (socket == subscriber) subscriber.Receive(Take);
                else producer.Receive();
            });
        }

        return latencies;

        void Take(ReadOnlySpan<byte> json)
        {
            var now = Stopwatch.GetTimestamp();
            // What tells of a message's end carries no update.
            if (!json.Contains(Chunk.Mark)) return;
            latencies.Add(Stopwatch.GetElapsedTime(sentAt[Producer.NumberOf(json)], now).TotalMicroseconds);
        }
    }
}
