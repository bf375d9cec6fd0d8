using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>What each of thousands of idle connections adds to the server's memory, each of which reads a thread of its own.</summary>
internal sealed class Idle(Servers servers) : IBenchmark
{
    private const string Peer = "bare Kestrel";

    public string Name => "idle";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        List<double> ours = [], bare = [];
        for (var round = 0; round < Math.Min(effort.Rounds, 3); round++)
        {
            using var pair = new ServerPair(servers);
            ours.Add(Measure(pair.Tinyvex, effort.Connections));
            bare.Add(Measure(pair.Kestrel, effort.Connections));
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Pair(Name, $"each of {effort.Connections:N0} connections", "KB", ours, Peer, bare, Target.AtMost(10), "each with a subscription"),
        ]);
    }

    private static double Measure(ServerProcess server, int connections)
    {
        var idle = server.Usage;
        var sockets = new List<LoadSocket>(connections);
        try
        {
            for (var i = 0; i < connections; i++)
            {
                sockets.Add(LoadSocket.ConnectOneOfMany(server.Port, LoadSocket.Subscription($"t{i}")));
                sockets[i].WaitForSnapshot();
            }

            return (double)(server.Usage.ResidentKb - idle.ResidentKb) / connections;
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }
}
