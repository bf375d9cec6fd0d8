using System.Diagnostics;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Peers;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>From a frame's bytes to its commit, alone and in groups, against a plain loop that writes the same rows.</summary>
internal sealed class Commit : IBenchmark
{
    private const string ThreadId = "t";

    /// <summary>Updates that a producer may have unanswered in a group: four clients with 256 each.</summary>
    private const int Window = 1_024;

    /// <summary>One alone costs about ten times as much, so fewer of them make a round.</summary>
    private const int AloneShare = 10;

    public string Name => "commit";

    public async Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        var chunks = Chunk.CreateMany(ThreadId, effort.Updates);
        var few = chunks[..(effort.Updates / AloneShare)];
        List<double> groups = [], ours = [], loop = [], oursAlone = [], loopAlone = [];
        // The first pair only warms up.
        for (var round = -1; round < effort.Rounds; round++)
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
            Row.Pair(Name, "updates committed in groups", "/s", ours, "plain loop", loop, Target.RatioAtLeast(0.7)),
            Row.Of(Name, "  updates of such a group", "", groups, note: "the loop commits as many at once"),
            Row.Pair(Name, "updates committed one by one", "/s", oursAlone, "plain loop", loopAlone, note: "each waits for the one before"),
        ];
    }

    /// <summary>Rates of both sides, and the mean size of the groups.</summary>
    private static async Task<((double Ours, double Loop) Rates, double Group)> PairAsync(WorkFolder folder, Chunk[] chunks, int window, int? plainGroup)
    {
        var (ourFile, loopFile) = (folder.NewDatabase(), folder.NewDatabase());
        double ours, group;
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

        double loop;
        await using (var plain = new PlainLoop(loopFile, ThreadId))
        {
            loop = Time(chunks.Length, () => plain.Write(chunks, plainGroup ?? (int)Math.Round(group)));
        }

        SameRows.Require(ourFile, loopFile);
        return ((ours, loop), group);
    }

    private static double Time(int count, Action work)
    {
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        work();
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
