using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>Memory of a server that does nothing, and what each idle connection adds, which reads a thread of its own.</summary>
internal sealed class Memory(Servers servers) : IBenchmark
{
    private const string Peer = "bare Kestrel";
    private const double KbOfMb = 1_024;

    public string Name => "memory";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        List<double>[] ours = [[], [], []], bare = [[], [], []];
        for (var round = 0; round < Math.Min(effort.Rounds, 3); round++)
        {
            using var pair = new ServerPair(servers);
            Measure(pair.Tinyvex, effort.Connections, ours);
            Measure(pair.Kestrel, effort.Connections, bare);
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Pair(Name, "idle, resident", "MB", ours[0], Peer, bare[0], Target.AtMost(20)),
            Row.Pair(Name, "idle, proportional", "MB", ours[1], Peer, bare[1]),
            Row.Pair(Name, $"each of {effort.Connections:N0} idle connections", "KB", ours[2], Peer, bare[2], note: "each with a subscription"),
        ]);
    }

    private static void Measure(ServerProcess server, int connections, List<double>[] into)
    {
        var idle = server.Usage;
        LoadSocket[] sockets = [.. Enumerable.Range(0, connections).Select(_ => LoadSocket.Connect(server.Port))];
        for (var i = 0; i < connections; i++) sockets[i].Subscribe($"t{i}");
        var held = server.Usage;
        foreach (var socket in sockets) socket.Dispose();
        into[0].Add(idle.ResidentKb / KbOfMb);
        into[1].Add(idle.ProportionalKb / KbOfMb);
        into[2].Add((double)(held.ResidentKb - idle.ResidentKb) / connections);
    }
}
