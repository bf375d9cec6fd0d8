using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;
using Tinyvex.Storage;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>What an update leaves to the garbage collector on its way from a frame's bytes through commit and hub to a reader.</summary>
internal sealed class Allocations : IBenchmark
{
    /// <summary>
    /// Bytes an update: the 1,668 that were measured, and less than the smallest object has. So one object more for each update
    /// fails, wherever it is made. Set it down when the product does with less. Some 50 of them are a message's text, read back once to be indexed.
    /// </summary>
    private const double Budget = 1_668 + 16;

    private const string ThreadId = "t";
    private const int Window = 256;

    private static readonly StoreIdentity Identity = new(new string('0', 32), 1);

    public string Name => "allocations";

    public bool NeedsServers => false;

    public async Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        var chunks = Chunk.CreateMany(ThreadId, 20_000);
        List<double> rounds = [], reading = [];
        // One round goes before those that count also where it is only looked whether all runs: the budget holds there too.
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
            var beforeReading = GC.GetAllocatedBytesForCurrentThread();
            foreach (var chunk in rest) Pipeline.Read(chunk.Frame, Identity);
            var read = GC.GetAllocatedBytesForCurrentThread() - beforeReading;
            if (round < 0) continue;
            rounds.Add((double)allocated / rest.Length);
            reading.Add((double)read / rest.Length);
        }

        return
        [
            Row.Of(Name, "allocated for an update", "bytes", rounds, Target.AtMost(Budget), "from a frame's bytes to a reader's"),
            Row.Of(Name, "  by reading it into a command", "bytes", reading),
        ];
    }

    private static void Send(Pipeline pipeline, Chunk[] chunks)
    {
        foreach (var chunk in chunks) pipeline.Send(chunk.Frame, Window);
        pipeline.WaitForAll();
    }
}
