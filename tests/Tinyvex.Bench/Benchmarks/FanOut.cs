using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>One producer with 32 updates unacked, and hundreds of readers of its thread; the peer stores nothing.</summary>
internal sealed class FanOut(Servers servers) : IBenchmark
{
    private const string Peer = "bare Kestrel";

    public string Name => "fanout";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        using var pair = new ServerPair(servers);
        List<FloodResult> ours = [], bare = [];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            var ourResult = Flood.Run(pair.Tinyvex, $"t{round}", producers: 1, window: 32, effort.Subscribers, effort.Seconds);
            var bareResult = Flood.Run(pair.Kestrel, $"t{round}", producers: 1, window: 32, effort.Subscribers, effort.Seconds);
            if (round < 0) continue;
            ours.Add(ourResult);
            bare.Add(bareResult);
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Pair(
                Name, $"deliveries to {effort.Subscribers} subscribers", "/s", [.. ours.Select(r => r.Deliveries)], Peer,
                [.. bare.Select(r => r.Deliveries)], Target.AtLeast(1_500_000), "aim: 3,000,000"),
            Row.Pair(Name, "  server's CPU for an update", "µs", [.. ours.Select(r => r.ServerCpu)], Peer, [.. bare.Select(r => r.ServerCpu)]),
            Row.Pair(Name, "  load's CPU for an update", "µs", [.. ours.Select(r => r.LoadCpu)], Peer, [.. bare.Select(r => r.LoadCpu)]),
        ]);
    }
}
