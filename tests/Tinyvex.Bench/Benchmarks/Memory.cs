using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>Memory of a server that does nothing.</summary>
internal sealed class Memory(Servers servers) : IBenchmark
{
    private const string Peer = "bare Kestrel";
    private const double KbOfMb = 1_024;

    public string Name => "memory";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        List<double>[] ours = [[], []], bare = [[], []];
        for (var round = 0; round < Math.Min(effort.Rounds, 3); round++)
        {
            using var pair = new ServerPair(servers);
            Measure(pair.Tinyvex, ours);
            Measure(pair.Kestrel, bare);
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Pair(Name, "idle, resident", "MB", ours[0], Peer, bare[0], Target.AtMost(20)),
            Row.Pair(Name, "idle, proportional", "MB", ours[1], Peer, bare[1]),
        ]);
    }

    private static void Measure(ServerProcess server, List<double>[] into)
    {
        var idle = server.Usage;
        into[0].Add(idle.ResidentKb / KbOfMb);
        into[1].Add(idle.ProportionalKb / KbOfMb);
    }
}
