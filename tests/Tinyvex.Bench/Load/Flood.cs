using System.Diagnostics;

namespace Tinyvex.Bench.Load;

/// <summary>Producers that send as fast as they are answered, each with a window of unacked updates, and the subscribers of their threads.</summary>
internal static class Flood
{
    /// <summary>For the last acks: many times what a full window takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="name">Of threads that no other run uses.</param>
    public static FloodResult Run(ServerProcess server, string name, int producers, int window, int subscribersOfEach, double seconds)
    {
        string[] threads = [.. Enumerable.Range(0, producers).Select(number => $"{name}-{number}")];
        using var subscribers = new Subscribers(server.Port, threads.SelectMany(thread => Enumerable.Repeat(thread, subscribersOfEach)));
        Producer[] senders = [.. threads.Select(thread => new Producer(server.Port, thread))];
        try
        {
            var bySocket = senders.ToDictionary(sender => sender.Socket);
            var set = new SocketSet([.. bySocket.Keys]);
            var (serverBefore, oursBefore) = (server.Usage.Cpu, Environment.CpuUsage.TotalTime);
            var started = Stopwatch.GetTimestamp();
            var duration = TimeSpan.FromSeconds(seconds);
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                foreach (var sender in senders)
                {
                    if (window - (int)(sender.Sent - sender.Acked) is > 0 and var free) sender.Send(free);
                }

                set.Wait(1_000, socket => bySocket[socket].Receive());
            }

            while (Array.Exists(senders, sender => sender.Acked < sender.Sent))
            {
                if (Stopwatch.GetElapsedTime(started) > duration + Patience) throw new IOException("the server does not ack what it was sent");
                set.Wait(1_000, socket => bySocket[socket].Receive());
            }

            var acked = Stopwatch.GetElapsedTime(started);
            var updates = senders.Sum(sender => sender.Acked);
            subscribers.WaitFor(updates * subscribersOfEach);
            var delivered = Stopwatch.GetElapsedTime(started, subscribers.LastDelivery);
            return new FloodResult(
                updates / acked.TotalSeconds, updates * subscribersOfEach / delivered.TotalSeconds,
                (server.Usage.Cpu - serverBefore).TotalMicroseconds / updates, (Environment.CpuUsage.TotalTime - oursBefore).TotalMicroseconds / updates);
        }
        finally
        {
            foreach (var sender in senders) sender.Dispose();
        }
    }
}
