using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>How long after it was sent an update is with its one subscriber, at 200 a second; the peer stores nothing.</summary>
internal sealed class Delivery(Servers servers) : IBenchmark
{
    private const string Peer = "bare Kestrel";
    private const int PerSecond = 200;

    public string Name => "delivery";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        using var pair = new ServerPair(servers);
        List<double> median = [], bareMedian = [], late = [], bareLate = [];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            var ours = Measure(pair.Tinyvex, $"t{round}", effort.Seconds);
            var bare = Measure(pair.Kestrel, $"t{round}", effort.Seconds);
            if (round < 0) continue;
            median.Add(Percentile.Of(ours, 0.5));
            bareMedian.Add(Percentile.Of(bare, 0.5));
            late.Add(Percentile.Of(ours, 0.99));
            bareLate.Add(Percentile.Of(bare, 0.99));
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Pair(Name, "update to subscriber, median", "µs", median, Peer, bareMedian, Target.AtMost(200), "committed on the way; the peer stores nothing"),
            Row.Pair(Name, "update to subscriber, 99 of 100", "µs", late, Peer, bareLate, Target.AtMost(2_000)),
        ]);
    }

    private static List<double> Measure(ServerProcess server, string threadId, double seconds)
    {
        using var load = new SteadyRate(server, threadId, subscribers: 1);
        return load.Run(PerSecond, seconds);
    }
}
