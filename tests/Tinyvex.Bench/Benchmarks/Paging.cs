using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Tinyvex.Bench.Load;
using Tinyvex.Bench.Report;
using Tinyvex.Queries;
using Tinyvex.Storage;

namespace Tinyvex.Bench.Benchmarks;

/// <summary>Pages of long lists and searches among many messages, from the query to its answer as JSON, without the socket.</summary>
internal sealed class Paging : IBenchmark
{
    private const int Limit = 50;
    private const int Threads = 10_000;

    /// <summary>Queries or commits of a round.</summary>
    private const int Works = 30;

    private const double Microsecond = 1, Millisecond = 1_000;

    private readonly ArrayBufferWriter<byte> _answer = new(1024 * 1024);

    public string Name => "paging";

    public bool NeedsServers => false;

    public async Task<List<Row>> RunAsync(Effort effort)
    {
        using var folder = new WorkFolder();
        return [.. await ListsAsync(folder.NewDatabase(), effort), .. await SearchesAsync(folder.NewDatabase(), effort), .. await IndexingAsync(folder.NewDatabase(), effort)];
    }

    private async Task<List<Row>> ListsAsync(string path, Effort effort)
    {
        await LongHistory.FillAsync(path, Threads, effort.Messages);
        using var store = StoreConnection.OpenReader(path);
        return
        [
            .. Pages($"{Limit} of {effort.Messages:N0} messages", new PageToken(effort.Messages * 2L / 3).Encode(TimelineQueries.Messages),
                page => json => TimelineQueries.WriteMessages(store, json, LongHistory.ThreadId, Limit, page)),
            .. Pages($"{Limit} of a timeline with them", new PageToken(effort.Messages * 2L / 3).Encode(TimelineQueries.Timeline),
                page => json => TimelineQueries.WriteTimeline(store, json, LongHistory.ThreadId, Limit, page)),
            .. Pages($"{Limit} of {effort.Messages / 3:N0} tool calls", new PageToken(effort.Messages / 6).Encode(TimelineQueries.ToolCalls),
                page => json => TimelineQueries.WriteToolCalls(store, json, LongHistory.ThreadId, Limit, page)),
            .. Pages($"{Limit} of {Threads:N0} threads", new PageToken(Threads / 2).Encode(ThreadQueries.ListName),
                page => json => ThreadQueries.Write(store, json, Limit, archived: false, page)),
        ];

        IEnumerable<Row> Pages(string what, string middle, Func<string?, Action<Utf8JsonWriter>> query)
        {
            var (first, inMiddle) = (new List<double>(), new List<double>());
            for (var round = -effort.WarmUps; round < effort.Rounds; round++)
            {
                var (one, other) = (Time(store, query(null), Microsecond), Time(store, query(middle), Microsecond));
                if (round < 0) continue;
                first.Add(one);
                inMiddle.Add(other);
            }

            yield return Row.Of(Name, what, "µs", first, Target.AtMost(1_000));
            // A tenth for the noise, and as much for pages of the file that lie less close in the processor's caches.
            yield return Row.Pair(Name, "  a page of the middle", "µs", inMiddle, "the first", first, Target.RatioAtMost(1.2));
        }
    }

    private async Task<List<Row>> SearchesAsync(string path, Effort effort)
    {
        var messages = effort.Messages / 10;
        await LongHistory.FillToSearchAsync(path, messages);
        using var store = StoreConnection.OpenReader(path);
        return
        [
            Search($"search {messages:N0}: a rare word", LongHistory.Rare + " "),
            Search("  two words", $"{LongHistory.Middle} {LongHistory.Common} "),
            Search("  the most common word", LongHistory.Common + " ", target: Target.AtMost(50)),
            Search("  the beginning of many", LongHistory.Common[..1] + "17", target: Target.AtMost(50)),
            Search("  a common word in one thread", LongHistory.Common + " ", $"{LongHistory.ThreadId}-7"),
        ];

        Row Search(string what, string text, string? threadId = null, Target? target = null)
        {
            var rounds = new List<double>();
            for (var round = -effort.WarmUps; round < effort.Rounds; round++)
            {
                var time = Time(store, json => SearchQueries.Search(store, json, text, threadId, Limit, page: null), Millisecond);
                if (round >= 0) rounds.Add(time);
            }

            return Row.Of(Name, what, "ms", rounds, target);
        }
    }

    /// <summary>What it adds to the commit that makes a message final.</summary>
    private async Task<List<Row>> IndexingAsync(string path, Effort effort)
    {
        await using var opened = Store.Open(path, TimeProvider.System);
        using var store = opened.Writer;
        var random = new Random(2);
        var (id, paragraph) = (0L, LongHistory.Text(random, 60));
        var longest = LongHistory.Text(random, SearchIndex.MaxTextBytes / 4)[..SearchIndex.MaxTextBytes];
        var characters = string.Concat(Enumerable.Range(0, SearchIndex.MaxTextBytes / 3).Select(_ => (char)random.Next(0x4e00, 0x5800)));
        return
        [
            Add("index a message of 60 words", paragraph, "µs", Microsecond, null),
            Add("  of 128 KiB", longest, "ms", Millisecond, Target.AtMost(10)),
            Add("  of 128 KiB, Chinese", characters, "ms", Millisecond, Target.AtMost(10)),
        ];

        Row Add(string what, string text, string unit, double microseconds, Target? target)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var rounds = new List<double>();
            for (var round = -effort.WarmUps; round < effort.Rounds; round++)
            {
                // With the commit, at which the words reach their pages.
                var time = Time(() =>
                {
                    store.Get("BEGIN IMMEDIATE").Run();
                    SearchIndex.Add(store, ++id, LongHistory.ThreadId, utf8);
                    store.Get("COMMIT").Run();
                });
                if (round >= 0) rounds.Add(time / microseconds);
            }

            return Row.Of(Name, what, unit, rounds, target, "a commit of its own");
        }
    }

    private double Time(StoreConnection store, Action<Utf8JsonWriter> query, double microseconds) => Time(() =>
    {
        _answer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_answer);
        store.Get("BEGIN").Run();
        json.WriteStartObject();
        query(json);
        json.WriteEndObject();
        store.Get("COMMIT").Run();
    }) / microseconds;

    /// <summary>Microseconds of one of many: the median, since whatever else runs on the machine takes the core away for longer than one lasts.</summary>
    private static double Time(Action work)
    {
        var times = new double[Works];
        for (var i = 0; i < Works; i++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return Spread.Of(times).Median;
    }
}
