using System.Globalization;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>A log whose old chunks are merged says the same as before, to whoever holds a cursor of any age.</summary>
public class MergedLogTests
{
    private const string Image = """{"sessionUpdate":"agent_message_chunk","content":{"type":"image","data":"aGk=","mimeType":"image/png"}}""";
    private const string Plan = """{"sessionUpdate":"plan","entries":[]}""";

    private static readonly string[] AtOnce = ["--keep-raw", "0s"];

    /// <summary>What a client with a cursor has of each message: how many chunks, and their text.</summary>
    private sealed record Held(string Cursor, Dictionary<string, (long Seq, string Text)> Messages, string? Last = null);

    private static async Task<List<Held>> WriteAsync(ServerProcess server)
    {
        var held = new List<Held>();
        await using var producer = await TestClient.ConnectAsync(server);
        await using var client = await TestClient.ConnectAsync(server);
        held.Add(new Held((await client.SubscribeAsync("thread", "t1")).Text("cursor"), []));
        for (var i = 0; i < 60; i++)
        {
            string[] more = i switch { 7 => [Image], 12 => [Plan], 33 => ["""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"half \ud83d"}}"""], _ => [] };
            await producer.IngestAsync("t1", [Wire.Chunk(i.ToString("x", CultureInfo.InvariantCulture) + "ä", i is > 20 and < 30 ? "agent_thought_chunk" : "agent_message_chunk"), .. more]);
            if (i % 3 == 0) await producer.IngestAsync("t2", Wire.Chunk("elsewhere"));
        }

        await producer.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        await producer.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t2\"");
        for (var finals = 0; finals < 3;)
        {
            var frame = await client.NextAsync();
            if (frame.Text("type") == "tinyvex.finalize") finals++;
            var messages = new Dictionary<string, (long, string)>(held[^1].Messages);
            var item = held[^1].Last;
            if (frame.TryGetProperty("append", out var append))
            {
                item = frame.Text("itemId");
                messages[item] = (frame.Number("seq"), messages.GetValueOrDefault(item).Item2 + append.GetString());
            }

            held.Add(new Held(frame.Text("cursor"), messages, item));
        }

        return held;
    }

    private static Task MergedAsync(string database) => Deadline.UntilAsync(
        () => OriginalFile.Select(database, "SELECT count(*) FROM acp_events WHERE ord IS NOT NULL AND updateKind <> 'tvx.finalize'") is var left && int.Parse(left, CultureInfo.InvariantCulture) < 15,
        "the chunks are merged");

    /// <summary>Resumes a stream, and follows it up to the last thing that happened in its thread.</summary>
    private static async Task<Dictionary<string, (long Seq, string Text)>> ResumeAsync(ServerProcess server, string stream, Held held, Held all)
    {
        await using var client = await TestClient.ConnectAsync(server);
        var reply = await client.RequestAsync($"\"control\":\"tvx.subscribe\",\"stream\":\"{stream}\",\"threadId\":\"t1\",\"since\":\"{held.Cursor}\"");
        await Assert.That(reply.Text("type")).IsEqualTo("tinyvex.resumed");
        var messages = new Dictionary<string, (long Seq, string Text)>(held.Messages);
        await client.SubscribeAsync("threads");
        await using var producer = await TestClient.ConnectAsync(server);
        await producer.AckedAsync("\"control\":\"tvx.create_thread\",\"title\":\"the end\"");
        while (await client.NextAsync() is var frame && !(frame.TryGetProperty("row", out var row) && row.TryGetProperty("title", out var title) && title.GetString() == "the end"))
        {
            if (!frame.TryGetProperty("append", out var append)) continue;
            var have = messages.GetValueOrDefault(frame.Text("itemId"));
            await Assert.That(frame.Number("fromSeq")).IsEqualTo(have.Seq + 1).Because($"{stream} after {have.Seq} of {frame.Text("itemId")}");
            messages[frame.Text("itemId")] = (frame.Number("seq"), have.Text + append.GetString());
            await Assert.That(all.Messages[frame.Text("itemId")].Text).StartsWith(messages[frame.Text("itemId")].Text);
        }

        return messages;
    }

    private static string Shown(Dictionary<string, (long Seq, string Text)> messages) =>
        messages.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value.Seq} {one.Value.Text}").Lines();

    [Test]
    public async Task Every_cursor_still_cuts_exactly_where_it_was_taken()
    {
        using var folder = new TempFolder();
        List<Held> held;
        await using (var server = await ServerProcess.StartAsync(folder["t.db"])) held = await WriteAsync(server);
        await using var later = await ServerProcess.StartAsync(folder["t.db"], AtOnce);
        await MergedAsync(folder["t.db"]);
        var all = held[^1];
        await Assert.That(all.Messages.Count).IsEqualTo(3);
        for (var i = 0; i < held.Count; i++)
        {
            await Assert.That(Shown(await ResumeAsync(later, i % 2 == 0 ? "thread" : "messages", held[i], all))).IsEqualTo(Shown(all.Messages)).Because($"cursor {i}");
        }
    }

    [Test]
    public async Task Subscriptions_with_cursors_of_different_age_each_get_what_they_miss()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], AtOnce);
        var held = await WriteAsync(server);
        await MergedAsync(folder["t.db"]);
        var all = held[^1];
        foreach (var (older, newer) in (IEnumerable<(int, int)>)[(2, 9), (9, 2), (0, 40), (45, 44)])
        {
            await using var client = await TestClient.ConnectAsync(server);
            foreach (var (stream, from) in (IEnumerable<(string, Held)>)[("thread", held[older]), ("messages", held[newer])])
            {
                await client.SendAsync($$"""{"control":"tvx.subscribe","stream":"{{stream}}","threadId":"t1","since":"{{from.Cursor}}"}""");
            }

            // The rules of a client: what it has is ignored, what follows is appended, and anything else is a gap.
            var messages = new Dictionary<string, (long Seq, string Text)>(held[Math.Min(older, newer)].Messages);
            while (await client.NextAsync() is var frame && !(frame.Text("type") == "tinyvex.finalize" && frame.Text("itemId") == all.Last))
            {
                if (!frame.TryGetProperty("append", out var append)) continue;
                var have = messages.GetValueOrDefault(frame.Text("itemId"));
                if (frame.Number("seq") <= have.Seq) continue;
                await Assert.That(frame.Number("fromSeq")).IsEqualTo(have.Seq + 1);
                messages[frame.Text("itemId")] = (frame.Number("seq"), have.Text + append.GetString());
            }

            await Assert.That(Shown(messages)).IsEqualTo(Shown(all.Messages));
        }
    }

    [Test]
    public async Task An_event_stands_for_its_chunks_and_says_for_how_many()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], AtOnce);
        await using var client = await TestClient.ConnectAsync(server);
        var cursors = new List<string>();
        foreach (var text in (string[])["one ", "two ", "\"three\" ", "four"]) cursors.Add((await client.IngestAsync("t1", Wire.Chunk(text, messageId: "m"))).Text("cursor"));
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        await Deadline.UntilAsync(() => OriginalFile.Select(folder["t.db"], "SELECT count(*) FROM acp_events WHERE boundaries IS NOT NULL") == "1", "the chunks are merged");

        var merged = (await client.RowsAsync("events.list", "t1")).Single();
        await Assert.That(merged.GetProperty("update").GetRawText()).IsEqualTo("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"one two \"three\" four"},"messageId":"m"}""");
        await Assert.That(merged.Number("merged")).IsEqualTo(4);
        await Assert.That(merged.Text("cursor")).IsEqualTo(cursors[3]);

        var rest = (await client.RowsAsync("events.list", "t1", $",\"since\":\"{cursors[1]}\"")).Single();
        await Assert.That(rest.GetProperty("update").GetProperty("content").Text("text")).IsEqualTo("\"three\" four");
        await Assert.That(rest.Number("merged")).IsEqualTo(2);
        await Assert.That(await client.RowsAsync("events.list", "t1", $",\"since\":\"{cursors[3]}\"")).IsEmpty();
        await Assert.That((await client.RowsAsync("messages.list", "t1")).Single().Text("text")).IsEqualTo("one two \"three\" four");
    }

    [Test]
    public async Task What_is_not_due_yet_stays_as_it_came()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"], ["--keep-raw", "1h"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("a"), Wire.Chunk("b"));
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        await client.IngestAsync("gone", Wire.Chunk("a"));
        await client.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"gone\"");
        // A round of upkeep has been made once this is purged.
        await Deadline.UntilAsync(() => OriginalFile.Select(folder["t.db"], "SELECT count(*) FROM purges") == "0", "upkeep has been made");
        await Assert.That((await client.RowsAsync("events.list", "t1")).Length).IsEqualTo(2);
    }

    [Test]
    [Arguments("7")]
    [Arguments("-1d")]
    [Arguments("1w")]
    [Arguments("never")]
    public async Task An_age_that_is_none_is_refused(string age)
    {
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["serve", "--keep-raw", age]);
        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(errors).Contains("--keep-raw is a number and s, m, h or d");
    }
}
