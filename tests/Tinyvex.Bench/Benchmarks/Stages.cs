using System.Diagnostics;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;
using Tinyvex.Feeding;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>The two stages of an update that are not SQLite's, each by itself: what there is to gain in them.</summary>
internal sealed class Stages : IBenchmark
{
    public string Name => "stages";

    public bool NeedsServers => false;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        var frames = Chunk.CreateMany("t", effort.Updates).Select(chunk => chunk.Frame).ToArray();
        var identity = new StoreIdentity(new string('0', 32), 1);
        using var encoder = new FrameEncoder(identity);
        var change = new MessageChunk(
            1, new MessageIdentity("t", new string('0', 32), "message", "assistant", 1), 1, Chunk.TextBytes, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Chunk.Create("t", 0).Text, Block: null);
        List<double> reading = [], encoding = [];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            var read = Time(frames.Length, i => Pipeline.Read(frames[i], identity));
            var encoded = Time(frames.Length, _ => encoder.Encode(change));
            if (round < 0) continue;
            reading.Add(read);
            encoding.Add(encoded);
        }

        return Task.FromResult<List<Row>>(
        [
            Row.Of(Name, "a request read into a command", "ns", reading),
            Row.Of(Name, "a change encoded as a frame", "ns", encoding),
        ]);
    }

    private static double Time(int count, Action<int> work)
    {
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) work(i);
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / count;
    }
}
