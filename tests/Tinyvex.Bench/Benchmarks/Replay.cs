using System.Diagnostics;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;
using Tinyvex.Storage;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>A client that comes back after very many chunks and is caught up from the log; and what reading the same rows alone takes.</summary>
internal sealed class Replay(Servers servers) : IBenchmark
{
    private const string Peer = "reading the rows";
    private const int ReadBytes = 256 * 1024;

    public string Name => "replay";

    public bool NeedsServers => true;

    public Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        return Task.FromResult<List<Row>>(
        [
            Measure(folder, effort, $"{effort.Replayed:N0} chunks of one message", ofMessage: 10 * effort.Replayed),
            Measure(folder, effort, "  of many messages", Chunk.OfMessage),
        ]);
    }

    private Row Measure(WorkFolder folder, Effort effort, string what, int ofMessage)
    {
        const string threadId = "t";
        var database = folder.NewDatabase();
        using var server = servers.StartTinyvex(database);
        using var producer = new Producer(server.Port, threadId, ofMessage);
        string subscription;
        using (var before = LoadSocket.Connect(server.Port)) subscription = LoadSocket.Subscription(threadId, before.Subscribe(threadId));
        producer.SendAll(effort.Replayed);
        RequireSameText(server.Port, subscription, effort.Replayed);

        List<double> ours = [], rows = [];
        for (var round = -effort.WarmUps; round < effort.Rounds; round++)
        {
            // What the server has read for the round before, it cannot use again.
            producer.SendAll(1);
            var (replayed, read) = (producer.Sent / Time(server.Port, subscription, producer.Sent), producer.Sent / Time(database, threadId, producer.Sent));
            if (round < 0) continue;
            ours.Add(replayed);
            rows.Add(read);
        }

        return Row.Pair(Name, what, "/s", ours, Peer, rows, Target.AtLeast(200_000), "to one client, merged; that the text is the same is checked");
    }

    private static void RequireSameText(int port, string subscription, int updates)
    {
        using var client = LoadSocket.ConnectOneOfMany(port, subscription);
        var transcript = new Transcript();
        while (transcript.Updates < updates) client.Receive(transcript.Take);
        transcript.Require(Producer.TextOf(updates));
    }

    /// <summary>Seconds until a client has all updates, counted by their marks.</summary>
    private static double Time(int port, string subscription, long updates)
    {
        using var client = LoadSocket.Connect(port);
        var buffer = new byte[ReadBytes];
        var started = Stopwatch.GetTimestamp();
        client.Send(subscription);
        for (var received = 0L; received < updates;) received += buffer.AsSpan(0, client.Receive(buffer.AsSpan())).Count(Chunk.Mark);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Seconds to step through the same rows of the log and look at their bytes.</summary>
    private static double Time(string database, string threadId, long updates)
    {
        using var store = StoreConnection.OpenReader(database);
        var started = Stopwatch.GetTimestamp();
        var rows = store.Get(Storage.EventLog.RangeInThread).Bind(1, 0).Bind(2, long.MaxValue).Bind(3, long.MaxValue).Bind(4, threadId);
        var marks = 0;
        while (rows.Step())
        {
            if (rows.NullableBytes(8) is { } raw) marks += raw.Span.Count(Chunk.Mark);
        }

        if (marks != updates) throw new InvalidOperationException($"the log has {marks} of {updates} updates");
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
