using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>Four producers that have 64 updates unacked at all times, each with a thread and its subscriber.</summary>
internal sealed class FloodWithAcks(Servers servers) : IBenchmark
{
    private const string Peer = "bare Kestrel";

    public string Name => "flood";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        using var pair = new ServerPair(servers);
        List<FloodResult> ours = [], bare = [];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            var ourResult = Flood.Run(pair.Tinyvex, $"t{round}", producers: 4, window: 64, subscribersOfEach: 1, effort.Seconds);
            var bareResult = Flood.Run(pair.Kestrel, $"t{round}", producers: 4, window: 64, subscribersOfEach: 1, effort.Seconds);
            if (round < 0) continue;
            ours.Add(ourResult);
            bare.Add(bareResult);
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Pair(
                Name, "updates stored, acked and delivered", "/s", [.. ours.Select(r => r.Updates)], Peer, [.. bare.Select(r => r.Updates)],
                note: "the peer stores nothing"),
            Row.Pair(Name, "  server's CPU for an update", "µs", [.. ours.Select(r => r.ServerCpu)], Peer, [.. bare.Select(r => r.ServerCpu)]),
            Row.Pair(Name, "  load's CPU for an update", "µs", [.. ours.Select(r => r.LoadCpu)], Peer, [.. bare.Select(r => r.LoadCpu)]),
        ]);
    }
}
