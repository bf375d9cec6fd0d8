using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Lists, their pages, and what is not there.</summary>
public class QueryTests
{
    private static string Tool(int n) => $"{{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c{n}\",\"title\":\"x\"}}";

    /// <summary>Reads all pages of a list, doing something else between them.</summary>
    private static async Task<List<JsonElement>> PagesAsync(TestClient client, string name, string args, Func<int, Task> between)
    {
        var rows = new List<JsonElement>();
        string? page = null;
        for (var n = 0; n == 0 || page is not null; n++)
        {
            var reply = await client.QueryAsync(name, $"{args}{(page is null ? "" : $",\"page\":\"{page}\"")}");
            var read = reply.GetProperty("rows").EnumerateArray().ToList();
            if (name is "messages.list" or "timeline.list") rows.InsertRange(0, read);
            else rows.AddRange(read);
            page = reply.GetProperty("nextPage").GetString();
            await between(n);
        }

        return rows;
    }

    [Test]
    public async Task Pages_hold_each_row_once_while_rows_arrive()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        for (var i = 0; i < 23; i++) await client.IngestAsync("t1", Wire.Chunk($"m{i}"), Tool(i));
        for (var i = 0; i < 23; i++) await client.IngestAsync($"thread{i}", Wire.Chunk("x"));

        var messages = await PagesAsync(client, "messages.list", "\"threadId\":\"t1\",\"limit\":5", n => client.IngestAsync("t1", Wire.Chunk("new"), Tool(100 + n)));
        await Assert.That(messages.Select(row => row.Text("text")).Lines()).IsEqualTo(Enumerable.Range(0, 23).Select(i => $"m{i}").Lines());

        var count = (await client.RowsAsync("timeline.list", "t1")).Length;
        var timeline = await PagesAsync(client, "timeline.list", "\"threadId\":\"t1\",\"limit\":7", n => client.IngestAsync("t1", Wire.Chunk("new"), Tool(200 + n)));
        await Assert.That(timeline.Select(entry => entry.GetProperty("row").Number("order"))).IsEquivalentTo(Enumerable.Range(1, count).Select(i => (long)i));
        await Assert.That(timeline.Select(entry => entry.GetProperty("row").Number("order")).SequenceEqual(Enumerable.Range(1, count).Select(i => (long)i))).IsTrue();

        var tools = (await client.RowsAsync("tool_calls.list", "t1")).Select(row => row.Text("toolCallId")).ToList();
        var paged = await PagesAsync(client, "tool_calls.list", "\"threadId\":\"t1\",\"limit\":4", n => client.IngestAsync("t1", Tool(300 + n)));
        await Assert.That(paged.Select(row => row.Text("toolCallId")).Lines()).IsEqualTo(tools.Lines());

        var threads = (await client.RowsAsync("threads.list")).Select(row => row.Text("id")).ToList();
        var pagedThreads = await PagesAsync(client, "threads.list", "\"limit\":4", n => client.IngestAsync($"later{n}", Wire.Chunk("x")));
        await Assert.That(pagedThreads.Select(row => row.Text("id")).Lines()).IsEqualTo(threads.Lines());

        var events = (await client.RowsAsync("events.list", "t1")).Select(row => row.GetProperty("update").GetRawText()).ToList();
        var pagedEvents = await PagesAsync(client, "events.list", "\"threadId\":\"t1\",\"limit\":30", _ => Task.CompletedTask);
        await Assert.That(pagedEvents.Select(row => row.GetProperty("update").GetRawText()).Lines()).IsEqualTo(events.Lines());
    }

    [Test]
    public async Task Limits_default_to_50_and_end_at_1000()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", [.. Enumerable.Range(0, 1100).Select(i => Wire.Chunk($"{i}", messageId: $"{i}"))]);

        async Task<int> CountAsync(string more) =>
            (await client.QueryAsync("messages.list", "\"threadId\":\"t1\"" + more)).GetProperty("rows").GetArrayLength();

        await Assert.That(await CountAsync("")).IsEqualTo(50);
        await Assert.That(await CountAsync(",\"limit\":1")).IsEqualTo(1);
        await Assert.That(await CountAsync(",\"limit\":1000")).IsEqualTo(1000);
        await Assert.That(await CountAsync(",\"limit\":1000000")).IsEqualTo(1000);
        var newest = (await client.QueryAsync("messages.list", "\"threadId\":\"t1\",\"limit\":3")).GetProperty("rows");
        await Assert.That(newest.EnumerateArray().Select(row => row.Text("text")).Lines()).IsEqualTo("1097\n1098\n1099");
    }

    [Test]
    public async Task What_does_not_exist_is_not_found_and_lists_of_it_are_empty()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        foreach (var (name, more) in ((string, string)[])[("threads.get", ""), ("messages.get", ",\"itemId\":\"x\""), ("tool_calls.get", ",\"toolCallId\":\"x\"")])
        {
            var fields = $"\"control\":\"tvx.query\",\"name\":\"{name}\",\"args\":{{\"threadId\":\"none\"{more}}}";
            await Assert.That(await client.RefusedAsync(fields)).IsEqualTo("not_found").Because(name);
        }

        foreach (var name in (string[])
                 ["messages.list", "tool_calls.list", "timeline.list", "plan.get", "state.get", "events.list", "runs.list", "permissions.list"])
        {
            var reply = await client.QueryAsync(name, "\"threadId\":\"none\"");
            await Assert.That(reply.GetProperty("rows").GetArrayLength()).IsEqualTo(0).Because(name);
            await Assert.That(reply.Text("name")).IsEqualTo(name);
            await Assert.That(reply.Text("threadId")).IsEqualTo("none");
        }
    }

    [Test]
    public async Task Events_are_read_on_from_a_cursor()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("a"), Wire.Chunk("b"));
        var middle = (await client.RowsAsync("events.list", "t1"))[0].Text("cursor");
        var end = (await client.IngestAsync("t1", Wire.Chunk("c"))).Text("cursor");

        await Assert.That((await client.RowsAsync("events.list", "t1", $",\"since\":\"{middle}\"")).Length).IsEqualTo(2);
        await Assert.That((await client.RowsAsync("events.list", "t1", $",\"since\":\"{end}\"")).Length).IsEqualTo(0);
    }

    [Test]
    public async Task A_list_ends_at_4_MiB_and_goes_on_on_the_next_page()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var text = new string('x', 200 * 1024);
        for (var i = 0; i < 30; i++)
        {
            await client.IngestAsync("t1", Wire.Chunk(text, messageId: $"{i}"), $"{{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c{i}\",\"title\":\"x\",\"rawInput\":\"{text}\"}}");
        }

        foreach (var name in (string[])["messages.list", "tool_calls.list", "timeline.list", "events.list"])
        {
            var first = await client.QueryAsync(name, "\"threadId\":\"t1\",\"limit\":1000");
            await Assert.That(first.GetRawText().Length).IsLessThan(5 * 1024 * 1024).Because(name);
            await Assert.That(first.Text("nextPage")).IsNotNull().Because(name);
            var all = await PagesAsync(client, name, "\"threadId\":\"t1\",\"limit\":1000", _ => Task.CompletedTask);
            await Assert.That(all.Count).IsEqualTo(name is "timeline.list" or "events.list" ? 60 : 30).Because(name);
        }

        var snapshot = await client.SubscribeAsync("thread", "t1", ",\"limit\":1000");
        await Assert.That(snapshot.GetRawText().Length).IsLessThan(5 * 1024 * 1024);
        await Assert.That(snapshot.Text("nextPage")).IsNotNull();
    }
}
