using System.Buffers;
using System.Text.Json;
using Tinyvex.Queries;
using Tinyvex.Storage;
using Tinyvex.Tests.Support;
using Tinyvex.Tests.Writing;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Queries;

/// <summary>Pages of permission requests, of which those that are pending come first.</summary>
public class PermissionPageTests
{
    [Test]
    [Arguments(1)]
    [Arguments(2)]
    [Arguments(3)]
    [Arguments(4)]
    [Arguments(5)]
    [Arguments(50)]
    public async Task Pages_of_any_size_are_the_whole_list(int limit)
    {
        await using var stage = new WriterStage(time: new RisingTime());
        stage.Start();
        var (one, other) = (await TurnAsync(stage, "one"), await TurnAsync(stage, "other"));
        List<string> asked = [];
        for (var i = 0; i < 9; i++) asked.Add((await stage.AskAsync(i % 3 == 0 ? "other" : "one", i % 3 == 0 ? other : one)).RequestId!);
        foreach (var i in (int[])[0, 3, 4, 8]) await AnswerAsync(stage, asked[i], i % 2 == 0 ? "yes" : null);

        string Of(params int[] order) => order.Select(i => asked[i]).Lines();
        await Assert.That(await PagesAsync(stage, null, null, limit)).IsEqualTo(Of(7, 6, 5, 2, 1, 8, 4, 3, 0));
        await Assert.That(await PagesAsync(stage, "one", null, limit)).IsEqualTo(Of(7, 5, 2, 1, 8, 4));
        await Assert.That(await PagesAsync(stage, null, "pending", limit)).IsEqualTo(Of(7, 6, 5, 2, 1));
        await Assert.That(await PagesAsync(stage, null, "answered", limit)).IsEqualTo(Of(8, 4, 0));
        await Assert.That(await PagesAsync(stage, "other", "cancelled", limit)).IsEqualTo(Of(3));
        await Assert.That(await PagesAsync(stage, "none", null, limit)).IsEqualTo("");

        // What is asked meanwhile is no part of the pages that follow.
        await Assert.That(await PagesAsync(stage, null, null, limit, between: () => stage.AskAsync("one", one)))
            .IsEqualTo(Of(7, 6, 5, 2, 1, 8, 4, 3, 0));
    }

    private static async Task<string> PagesAsync(WriterStage stage, string? threadId, string? status, int limit, Func<Task>? between = null)
    {
        using var reader = StoreConnection.OpenReader(stage.Path);
        var rows = new List<string>();
        string? page = null;
        do
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                RequestQueries.List(reader, json, RequestTables.Permissions, threadId, status, limit, page);
                json.WriteEndObject();
            }

            var answer = JsonDocument.Parse(buffer.WrittenMemory).RootElement;
            await Assert.That(answer.GetProperty("rows").GetArrayLength()).IsLessThanOrEqualTo(limit);
            rows.AddRange(answer.GetProperty("rows").EnumerateArray().Select(row => row.Text("requestId")));
            page = answer.GetProperty("nextPage").GetString();
            if (between is not null) await between();
        }
        while (page is not null);

        return rows.Lines();
    }

    private static async Task<string> TurnAsync(WriterStage stage, string threadId)
    {
        await stage.IngestAsync(threadId, WriterStage.Chunk("x"));
        var run = await stage.SubmitAsync(threadId);
        await stage.StartRunAsync(run);
        return run;
    }

    private static Task<WriteOutcome> AnswerAsync(WriterStage stage, string requestId, string? option) =>
        stage.Writer.WriteAsync(done => new RespondPermission { RequestId = requestId, OptionId = option, AnsweredBy = "a test", Completed = done });

    /// <summary>A clock of which no two readings are the same: what is asked in one millisecond is listed by its id.</summary>
    private sealed class RisingTime : TimeProvider
    {
        private long _now = 1_000_000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Increment(ref _now));
    }
}
