using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;
using Tinyvex.Storage;
using Tinyvex.Upkeep;
using Tinyvex.Writing;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>
/// How long a lone write waits while a long message is merged in the log, and while its thread is purged; and what the message then takes in the
/// file.
/// </summary>
internal sealed class UpkeepWaits : IBenchmark
{
    private const string Long = "long";
    private const int Window = 256;

    /// <summary>Chunks of the message for each update of a round: 200,000 where figures are quoted.</summary>
    private const int ChunksOfUpdate = 5;

    /// <summary>A round takes half a minute, so there are few.</summary>
    private const int MostRounds = 3;

    /// <summary>The promise: no write waits longer than this, in milliseconds.</summary>
    private const double MostWait = 10;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);

    public string Name => "upkeep";

    public bool NeedsServers => false;

    public async Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        List<Waits> alone = [], merging = [], purging = [];
        List<double> bytes = [], text = [], before = [];
        for (var round = 0; round < Math.Min(effort.Rounds, MostRounds); round++)
        {
            var path = folder.NewDatabase();
            await FillAsync(path, effort.Updates * ChunksOfUpdate);
            await using var store = Store.Open(path, TimeProvider.System);
            await using var checkpointer = new Checkpointer(store.Files, store.Writer, NullLogger.Instance);
            await using var writer = new Writer(
                store.Writer, store.Files, (_, _) => { }, new TinyvexOptions { DatabasePath = path }, TimeProvider.System, NullLogger.Instance);
            writer.Start();
            await checkpointer.TryEmptyAsync();
            before.Add(new FileInfo(path).Length);
            var steps = new UpkeepSteps(writer, TimeProvider.System);
            alone.Add(await WriteWhileAsync(writer, store.Identity, Task.Delay(TimeSpan.FromSeconds(effort.Seconds), TimeProvider.System)));
            merging.Add(await WriteWhileAsync(writer, store.Identity, MergeAsync(store, steps)));
            await checkpointer.TryEmptyAsync(evenIfBusy: true);
            bytes.Add(new FileInfo(path).Length);
            text.Add(await store.Readers.ReadAsync(connection => (double)connection.Scalar("SELECT sum(textLen) FROM messages")!.Value, CancellationToken.None));
            if ((await writer.WriteAsync(done => new DeleteThread { ThreadId = Long, Completed = done })).Error is { } error) throw error;
            purging.Add(await WriteWhileAsync(writer, store.Identity, PurgeAsync(store, checkpointer, steps)));
            await store.Readers.DisposeAsync();
        }

        return
        [
            .. Rows("the log is merged", merging, alone), .. Rows("a thread is purged", purging, alone),
            Row.Pair(Name, $"a message of {effort.Updates * ChunksOfUpdate:N0} chunks, in the file", "bytes", bytes, "its text", text, Target.RatioAtMost(2), "merged; the file whole"),
            Row.Pair(Name, "  before it is merged", "bytes", before, "its text", text),
        ];
    }

    private IEnumerable<Row> Rows(string when, List<Waits> waits, List<Waits> alone)
    {
        yield return Pair($"a write while {when}, 99 of 100", wait => wait.P99, Target.AtMost(MostWait));
        yield return Pair("  the slowest", wait => wait.Slowest, null);

        Row Pair(string what, Func<Waits, double> of, Target? target) =>
            Row.Pair(Name, what, "ms", [.. waits.Select(of)], "without", [.. alone.Select(of)], target);
    }

    private static async Task FillAsync(string path, int chunks)
    {
        await using var pipeline = new Pipeline(path);
        for (var number = 0; number < chunks; number++) pipeline.Send(Chunk.Create(Long, number, messageId: "m").Frame, Window);
        // A chunk of another message ends this one.
        pipeline.Send(Chunk.Create(Long, chunks, messageId: "end").Frame, Window);
        pipeline.WaitForAll();
    }

    private static async Task MergeAsync(Store store, UpkeepSteps steps)
    {
        await new LogMerge(store.Readers, steps, TimeSpan.Zero, TimeProvider.System).RunAsync(CancellationToken.None);
        await steps.TakeAsync((_, done) => new FreePages { Keep = 0, Completed = done }, CancellationToken.None);
    }

    private static Task<bool> PurgeAsync(Store store, Checkpointer checkpointer, UpkeepSteps steps) =>
        new Purge(store.Readers, checkpointer, steps).RunAsync(CancellationToken.None);

    /// <summary>Lone writes, one after the other, until something has ended.</summary>
    private static async Task<Waits> WriteWhileAsync(Writer writer, StoreIdentity identity, Task work)
    {
        var waits = new List<double>();
        for (var number = 0; !work.IsCompleted; number++)
        {
            var frame = Chunk.Create("lone", number).Frame;
            var started = Stopwatch.GetTimestamp();
            var outcome = await writer.WriteAsync(done => Pipeline.Read(frame, identity, done));
            waits.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (outcome.Error is { } error) throw error;
            await Task.Delay(Between, TimeProvider.System);
        }

        await work;
        waits.Sort();
        return new Waits(waits[waits.Count * 99 / 100], waits[^1]);
    }

    private sealed record Waits(double P99, double Slowest);
}
