using System.Diagnostics;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Peers;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>From a frame's bytes to its commit, alone and in groups, against a plain loop that writes the same rows.</summary>
internal sealed class Commit : IBenchmark
{
    private const string ThreadId = "t";
    private const string Peer = "plain loop";

    /// <summary>Updates that a producer may have unanswered in a group: four clients with 256 each.</summary>
    private const int Window = 1_024;

    /// <summary>One alone costs about ten times as much, so fewer of them make a round.</summary>
    private const int AloneShare = 10;

    public string Name => "commit";

    public bool NeedsServers => false;

    public async Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        var chunks = Chunk.CreateMany(ThreadId, effort.Updates);
        var few = chunks[..(effort.Updates / AloneShare)];
        List<double> groups = [];
        List<(double Rate, double Cpu)> ours = [], loop = [], oursAlone = [], loopAlone = [];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            var (us, group) = await PairAsync(folder, chunks, Window, plainGroup: null);
            var (alone, _) = await PairAsync(folder, few, window: 1, plainGroup: 1);
            if (round < 0) continue;
            groups.Add(group);
            ours.Add(us.Ours);
            loop.Add(us.Loop);
            oursAlone.Add(alone.Ours);
            loopAlone.Add(alone.Loop);
        }

        return
        [
            Rates("updates committed in groups", ours, loop, Target.RatioAtLeast(0.7)),
            Row.Of(Name, "  updates of such a group", "", groups, note: "the loop commits as many at once"),
            Cpu("  CPU for an update in a group", ours, loop),
            Rates("updates committed one by one", oursAlone, loopAlone, target: null, "each waits for the one before"),
            Cpu("  CPU for an update alone", oursAlone, loopAlone),
        ];
    }

    private Row Rates(string what, List<(double Rate, double)> ours, List<(double Rate, double)> loop, Target? target, string? note = null) =>
        Row.Pair(Name, what, "/s", [.. ours.Select(side => side.Rate)], Peer, [.. loop.Select(side => side.Rate)], target, note);

    private Row Cpu(string what, List<(double, double Cpu)> ours, List<(double, double Cpu)> loop) =>
        Row.Pair(Name, what, "µs", [.. ours.Select(side => side.Cpu)], Peer, [.. loop.Select(side => side.Cpu)]);

    /// <summary>Both sides, and the mean size of our groups.</summary>
    private static async Task<(((double, double) Ours, (double, double) Loop) Sides, double Group)> PairAsync(WorkFolder folder, Chunk[] chunks, int window, int? plainGroup)
    {
        var (ourFile, loopFile) = (folder.NewDatabase(), folder.NewDatabase());
        (double, double) ours, loop;
        double group;
        await using (var pipeline = new Pipeline(ourFile))
        {
            ours = Time(chunks.Length, () =>
            {
                foreach (var chunk in chunks)
                {
                    pipeline.Send(chunk.Frame, window);
                    if (window == 1) pipeline.WaitForAll();
                }

                pipeline.WaitForAll();
            });
            group = (double)chunks.Length / pipeline.Commits;
        }

        await using (var plain = new PlainLoop(loopFile, ThreadId))
        {
            loop = Time(chunks.Length, () => plain.Write(chunks, plainGroup ?? (int)Math.Round(group)));
        }

        SameRows.Require(ourFile, loopFile);
        return ((ours, loop), group);
    }

    /// <summary>Updates a second, and microseconds of CPU for each.</summary>
    private static (double Rate, double Cpu) Time(int count, Action work)
    {
        GC.Collect();
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        work();
        return (count / Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count);
    }
}
