using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>What an update leaves to the garbage collector on its way from a frame's bytes through commit and hub to a reader.</summary>
internal sealed class Allocations : IBenchmark
{
    /// <summary>
    /// Bytes an update: what was measured, and half a small object. So one object more for each update fails, which at 100,000
    /// updates a second would be some megabytes a second more to collect. Lower it when the product does with less.
    /// </summary>
    private const double Budget = 0;

    private const string ThreadId = "t";
    private const int Window = 256;

    public string Name => "allocations";

    public bool NeedsServers => false;

    public async Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        var chunks = Chunk.CreateMany(ThreadId, 20_000);
        List<double> rounds = [];
        for (var round = -1; round < effort.Rounds; round++)
        {
            await using var pipeline = new Pipeline(folder.NewDatabase());
            pipeline.Follow(ThreadId);
            // What is made once, statements and buffers and the like, is made by the first few.
            var (first, rest) = (chunks[..1_000], chunks[1_000..]);
            Send(pipeline, first);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Send(pipeline, rest);
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            if (pipeline.BytesRead == 0) throw new InvalidOperationException("the reader was given nothing");
            if (round >= 0) rounds.Add((double)allocated / rest.Length);
        }

        return [Row.Of(Name, "allocated for an update", "bytes", rounds, Target.AtMost(Budget), "request, command, rows, frame")];
    }

    private static void Send(Pipeline pipeline, Chunk[] chunks)
    {
        foreach (var chunk in chunks) pipeline.Send(chunk.Frame, Window);
        pipeline.WaitForAll();
    }
}
