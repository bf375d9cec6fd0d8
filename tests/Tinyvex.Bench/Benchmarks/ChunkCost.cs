using System.Diagnostics;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Peers;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>
/// What one more chunk costs a message that is long already. A message's row is saved each time its tail has grown by a quarter, so a
/// round is one such step of a 1 MB message, or as many steps of shorter ones as make the same number of chunks.
/// </summary>
internal sealed class ChunkCost : IBenchmark
{
    private const int KB = 1_000;
    private const int Window = 256;

    /// <summary>Threads with a message of the greatest length, in groups: so that a round is longer than a checkpoint.</summary>
    private const int ThreadsInGroups = 4;

    private static readonly int[] Lengths = [KB, 100 * KB, 1_000 * KB];

    public string Name => "chunk";

    public bool NeedsServers => false;

    public async Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        await using var pipeline = new Pipeline(folder.NewDatabase());
        List<double>[] groups = [[], [], []], alone = [[], [], []];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            for (var i = 0; i < Lengths.Length; i++)
            {
                var inGroups = Measure(pipeline, Lengths[i], $"g{round}-{i}", Window);
                var oneByOne = Measure(pipeline, Lengths[i], $"a{round}-{i}", window: 1);
                if (round < 0) continue;
                groups[i].Add(inGroups);
                alone[i].Add(oneByOne);
            }
        }

        return [.. Rows("in groups", groups, Target.RatioAtMost(1.2)), .. Rows("one by one", alone, Target.RatioAtMost(1.2))];
    }

    private IEnumerable<Row> Rows(string how, List<double>[] rounds, Target target)
    {
        yield return Row.Of(Name, $"a chunk {how}, at 1 KB of text", "ns", rounds[0]);
        for (var i = 1; i < Lengths.Length; i++)
        {
            yield return Row.Pair(Name, $"  at {Lengths[i] / KB:N0} KB", "ns", rounds[i], "at 1 KB", rounds[0], target, "saving its row included");
        }
    }

    /// <summary>Nanoseconds a chunk, over whole steps.</summary>
    private static double Measure(Pipeline pipeline, int length, string prefix, int window)
    {
        var step = StepOf(length);
        var messages = StepOf(Lengths[^1]) / step * (window == 1 ? 1 : ThreadsInGroups);
        var chunks = new List<Chunk>();
        for (var message = 0; message < messages; message++)
        {
            var threadId = $"{prefix}-{message}";
            pipeline.Send(Chunk.Create(threadId, 0, length, "m").Frame, window);
            for (var number = 1; number <= step; number++) chunks.Add(Chunk.Create(threadId, number, messageId: "m"));
        }

        pipeline.WaitForAll();
        pipeline.Checkpoint();
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        foreach (var chunk in chunks)
        {
            pipeline.Send(chunk.Frame, window);
            if (window == 1) pipeline.WaitForAll();
        }

        pipeline.WaitForAll();
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / chunks.Count;
    }

    /// <summary>Chunks until the row of a message of this length is saved: a long first text is saved at once, a short one waits.</summary>
    private static int StepOf(int length)
    {
        var first = PlainLoop.StepAfter(0);
        var bytes = length < first ? first - length : PlainLoop.StepAfter(length);
        return (bytes + Chunk.TextBytes - 1) / Chunk.TextBytes;
    }
}
