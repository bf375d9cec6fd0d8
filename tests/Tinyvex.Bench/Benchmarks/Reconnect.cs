using System.Diagnostics;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>
/// Thousands of clients that come back at once, each with a cursor, from several places. All must end with the same text; the peer has none to
/// send and answers the same number of handshakes and subscriptions.
/// </summary>
internal sealed class Reconnect(Servers servers) : IBenchmark
{
    private const string Peer = "bare Kestrel";
    private const string ThreadId = "t";

    /// <summary>Moments at which connections were lost, and updates from each to the next.</summary>
    private const int Places = 8, Apart = 50;

    private const double KbOfMb = 1_024;

    /// <summary>Without one more that has everything.</summary>
    private const double PatienceSeconds = 20;

    public string Name => "reconnect";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        List<double> asked = [], done = [], bare = [], reads = [], peak = [], idle = [];
        for (var round = 0; round < Math.Min(effort.Rounds, 3); round++)
        {
            using var pair = new ServerPair(servers);
            using var watcher = LoadSocket.Connect(pair.Tinyvex.Port);
            var cursors = Write(pair.Tinyvex.Port);
            var before = watcher.Ask("reads");
            idle.Add(pair.Tinyvex.Usage.ResidentKb / KbOfMb);
            pair.Tinyvex.ForgetPeak();
            var (all, last) = Return(pair.Tinyvex.Port, effort.Returning, cursors);
            peak.Add(pair.Tinyvex.Usage.PeakKb / KbOfMb);
            reads.Add(watcher.Ask("reads") - before);
            asked.Add(all);
            done.Add(last);
            bare.Add(Return(pair.Kestrel.Port, effort.Returning, cursors: null).Last);
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Of(Name, $"{effort.Returning:N0} have asked after", "s", asked),
            Row.Pair(Name, "the last one has all that it missed after", "s", done, Peer, bare, note: "the peer has nothing to send"),
            Row.Of(Name, "  reads of the store", "", reads, Target.AtMost(100)),
            Row.Pair(Name, "  server's peak memory", "MB", peak, "before", idle),
        ]);
    }

    /// <summary>Writes a thread, and answers cursors of places in it.</summary>
    private static string[] Write(int port)
    {
        using var producer = new Producer(port, ThreadId);
        var cursors = new string[Places];
        for (var i = 0; i < Places; i++)
        {
            using var client = LoadSocket.Connect(port);
            cursors[i] = client.Subscribe(ThreadId)!;
            producer.SendAll(Apart);
        }

        return cursors;
    }

    /// <summary>Seconds until all have asked, and until the last one has what it asked for.</summary>
    /// <param name="cursors">Null where a snapshot is all there is.</param>
    private static (double Asked, double Last) Return(int port, int clients, string[]? cursors)
    {
        string[] missed = [.. Enumerable.Range(0, Places).Select(place => Producer.TextOf(Places * Apart)[(place * Apart * Chunk.TextBytes)..])];
        var waiting = new Dictionary<LoadSocket, (Transcript Transcript, int Place)>(clients);
        var sockets = new List<LoadSocket>(clients);
        var started = Stopwatch.GetTimestamp();
        try
        {
            for (var i = 0; i < clients; i++)
            {
                var place = i % Places;
                sockets.Add(LoadSocket.ConnectOneOfMany(port, LoadSocket.Subscription(ThreadId, cursors?[place])));
                waiting.Add(sockets[i], (new Transcript(), place));
            }

            var asked = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var set = new SocketSet(sockets);
            var lastArrival = asked;
            while (waiting.Count > 0)
            {
                var before = waiting.Count;
                set.Wait(1_000, socket => socket.Receive(json => Take(socket, json)));
                var now = Stopwatch.GetElapsedTime(started).TotalSeconds;
                if (waiting.Count < before) lastArrival = now;
                else if (now - lastArrival > PatienceSeconds) throw new IOException($"{waiting.Count} of {clients} clients wait for what they have missed");
            }

            return (asked, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }

        void Take(LoadSocket socket, ReadOnlySpan<byte> json)
        {
            if (!waiting.TryGetValue(socket, out var client)) return;
            client.Transcript.Take(json);
            if (cursors is null ? !json.StartsWith("{\"type\":\"tinyvex.snapshot\""u8) : client.Transcript.Updates < (Places - client.Place) * Apart) return;
            if (cursors is not null) client.Transcript.Require(missed[client.Place]);
            waiting.Remove(socket);
        }
    }
}
