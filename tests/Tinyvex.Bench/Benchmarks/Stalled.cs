using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>
/// What one reader that has stopped reading costs the others of its thread, and the server. When it reads again it must end with the same
/// text.
/// </summary>
internal sealed class Stalled(Servers servers) : IBenchmark
{
    private const string Peer = "all reading";
    private const int Subscribers = 200;
    private const int PerSecond = 100;
    private const double KbOfMb = 1_024;

    public string Name => "stalled";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        using var server = servers.StartTinyvex(folder.NewDatabase());
        List<double>[] stalled = [[], [], []], reading = [[], [], []];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            Measure(server, $"t{round}-all", stalls: false, effort, round < 0 ? null : reading);
            Measure(server, $"t{round}-but-one", stalls: true, effort, round < 0 ? null : stalled);
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Pair(Name, $"update to {Subscribers - 1} others, median", "µs", stalled[0], Peer, reading[0], Target.RatioAtMost(1.1), "it ends with the same text"),
            Row.Pair(Name, $"update to {Subscribers - 1} others, 99 of 100", "µs", stalled[1], Peer, reading[1], Target.RatioAtMost(1.1)),
            Row.Pair(Name, "  server's memory after it", "MB", stalled[2], Peer, reading[2]),
        ]);
    }

    private static void Measure(ServerProcess server, string threadId, bool stalls, Effort effort, List<double>[]? into)
    {
        using var load = new SteadyRate(server, threadId, stalls ? Subscribers - 1 : Subscribers);
        using var one = stalls ? LoadSocket.ConnectNarrow(server.Port) : null;
        one?.Subscribe(threadId);
        // More than what the system takes for it and what the server has in memory.
        load.Flood(effort.Updates);
        var latencies = load.Run(PerSecond, effort.Seconds);
        var memory = server.Usage.ResidentKb / KbOfMb;
        if (one is not null)
        {
            var transcript = new Transcript();
            while (transcript.Updates < load.Sent) one.Receive(transcript.Take);
            transcript.Require(Producer.TextOf(load.Sent));
        }

        into?[0].Add(Percentile.Of(latencies, 0.5));
        into?[1].Add(Percentile.Of(latencies, 0.99));
        into?[2].Add(memory);
    }
}
