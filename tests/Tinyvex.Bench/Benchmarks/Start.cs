using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>From starting the process to the line that says it listens, with a database that is there already.</summary>
internal sealed class Start(Servers servers) : IBenchmark
{
    private const string ThreadId = "t";

    public string Name => "start";

    public bool NeedsServers => true;

    public async Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        var database = folder.NewDatabase();
        await using (var pipeline = new Pipeline(database))
        {
            foreach (var chunk in Chunk.CreateMany(ThreadId, effort.Updates)) pipeline.Send(chunk.Frame, window: 1_024);
            pipeline.WaitForAll();
        }

        List<double> ours = [], bare = [];
        for (var round = -effort.WarmUps; round < effort.Starts; round++)
        {
            using var tinyvex = servers.StartTinyvex(database);
            using var kestrel = servers.StartKestrel();
            if (round < 0) continue;
            ours.Add(tinyvex.TimeToReady.TotalMilliseconds);
            bare.Add(kestrel.TimeToReady.TotalMilliseconds);
        }

        return
        [
            Row.Pair(Name, "start to the ready line", "ms", ours, "bare Kestrel", bare, Target.AtMost(50)),
            Row.Pair(Name, "  the same, by its ratio", "ms", ours, "bare Kestrel", bare, Target.RatioAtMost(2)),
        ];
    }
}
