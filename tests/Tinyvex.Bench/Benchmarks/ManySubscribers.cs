using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>A thread that a thousand follow, at 100 updates a second. That each gets each update once and in order is checked.</summary>
internal sealed class ManySubscribers(Servers servers) : IBenchmark
{
    private const string Peer = "bare Kestrel";
    private const int PerSecond = 100;
    private const double Millisecond = 1_000;

    public string Name => "subscribers";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        using var pair = new ServerPair(servers);
        List<double>[] ours = [[], []], bare = [[], []];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            foreach (var (server, into) in ((ServerProcess, List<double>[])[])[(pair.Tinyvex, ours), (pair.Kestrel, bare)])
            {
                using var load = new SteadyRate(server, $"t{round}", effort.ManySubscribers);
                var latencies = load.Run(PerSecond, effort.Seconds);
                if (round < 0) continue;
                into[0].Add(Percentile.Of(latencies, 0.5) / Millisecond);
                into[1].Add(Percentile.Of(latencies, 0.99) / Millisecond);
            }
        }

        var what = $"update to each of {effort.ManySubscribers:N0}";
        return Task.FromResult<List<Row>>(
        [
            Row.Pair(Name, $"{what}, median", "ms", ours[0], Peer, bare[0]),
            Row.Pair(Name, $"{what}, 99 of 100", "ms", ours[1], Peer, bare[1], Target.AtMost(20), "none lost, which is checked"),
        ]);
    }
}
