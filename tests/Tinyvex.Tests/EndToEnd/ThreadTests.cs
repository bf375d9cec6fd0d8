using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Echoes, and threads: made, changed, titled and deleted.</summary>
public class ThreadTests
{
    [Test]
    public async Task An_echo_gives_back_payload_and_tag()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        foreach (var control in (string[])["echo", "debug.echo", "debug.ping"])
        {
            var echo = await client.RequestAsync($"\"control\":\"{control}\",\"payload\":\"ä\\n😀\",\"tag\":\"t\"");
            await Assert.That(echo.Text("type")).IsEqualTo("echo");
            await Assert.That(echo.Text("payload")).IsEqualTo("ä\n😀");
            await Assert.That(echo.Text("tag")).IsEqualTo("t");
            await Assert.That(echo.Number("timestamp")).IsGreaterThan(1_700_000_000_000);
        }

        foreach (var payload in (string[])["null", "1.50", "{\"a\":[true,{}]}", "[]"])
        {
            var echo = await client.RequestAsync($"\"control\":\"echo\",\"payload\":{payload}");
            await Assert.That(echo.GetProperty("payload").GetRawText()).IsEqualTo(payload);
            await Assert.That(echo.GetProperty("tag").GetRawText()).IsEqualTo("null");
        }
    }

    [Test]
    public async Task A_thread_is_made_changed_and_deleted()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.SubscribeAsync("threads");

        var made = await client.AckedAsync("\"control\":\"tvx.create_thread\",\"title\":\"one\",\"workingDirectory\":\"/tmp\",\"agent\":\"replay\"");
        var id = made.Text("threadId");
        var row = (await client.NextAsync()).GetProperty("row");
        await Assert.That(row.Text("id")).IsEqualTo(id);
        await Assert.That($"{row.Text("title")} {row.Text("workingDirectory")} {row.Text("source")} {row.Number("messageCount")}").IsEqualTo("one /tmp replay 0");

        await client.AckedAsync(
            $"\"control\":\"tvx.update_thread\",\"threadId\":\"{id}\",\"updates\":{{\"title\":\"two\",\"archived\":true,\"projectId\":\"p\",\"workingDirectory\":null}}");
        var changed = (await client.NextAsync()).GetProperty("row");
        await Assert.That($"{changed.Text("title")} {changed.GetProperty("archived")} {changed.Text("projectId")} {changed.Text("workingDirectory")}").IsEqualTo("two True p ");
        await Assert.That(changed.Number("updatedAt")).IsGreaterThanOrEqualTo(row.Number("updatedAt"));
        await Assert.That((await client.RowsAsync("threads.list")).Length).IsEqualTo(0);
        await Assert.That((await client.RowsAsync("threads.list", more: ",\"archived\":true")).Length).IsEqualTo(1);
        await Assert.That((await client.RowsAsync("threads.list", more: ",\"archived\":\"all\"")).Length).IsEqualTo(1);

        await client.AckedAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{id}\"");
        var deleted = await client.NextAsync();
        await Assert.That(deleted.Text("threadId")).IsEqualTo(id);
        await Assert.That(deleted.GetProperty("deleted").GetBoolean()).IsTrue();
        await Assert.That(await client.RefusedAsync($"\"control\":\"tvx.query\",\"name\":\"threads.get\",\"args\":{{\"threadId\":\"{id}\"}}")).IsEqualTo("not_found");
        await Assert.That(await client.RefusedAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{id}\"")).IsEqualTo("not_found");
    }

    [Test]
    public async Task A_deleted_thread_leaves_no_row_and_may_begin_anew()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        string[] updates =
        [
            Wire.Chunk("x"), "{\"sessionUpdate\":\"plan\",\"entries\":[]}", "{\"sessionUpdate\":\"current_mode_update\",\"currentModeId\":\"m\"}",
            "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c\",\"title\":\"x\"}", Wire.Chunk("open"),
        ];
        await client.IngestAsync("t1", updates);
        await client.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"t1\"");

        foreach (var name in (string[])["messages.list", "tool_calls.list", "timeline.list", "plan.get", "state.get", "events.list", "runs.list", "permissions.list"])
        {
            await Assert.That(await client.RowsAsync(name, "t1")).IsEmpty().Because(name);
        }

        await client.IngestAsync("t1", Wire.Chunk("new"));
        await Assert.That((await client.RowsAsync("messages.list", "t1")).Single().Text("text")).IsEqualTo("new");
        await Assert.That((await client.RowsAsync("threads.get", "t1"))[0].Number("messageCount")).IsEqualTo(1);
    }

    [Test]
    public async Task Titles_rank_by_who_gave_them()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        async Task<string> Title() => (await client.RowsAsync("threads.get", "t1"))[0].Text("title");
        const string info = "{\"sessionUpdate\":\"session_info_update\",\"title\":\"by agent\"}";

        await client.IngestAsync("t1", Wire.Chunk("agents give no title"));
        await Assert.That(await Title()).IsNull();
        // 79 characters and an emoji are 80, however many bytes or UTF-16 units that is.
        await client.IngestAsync("t1", Wire.Chunk("  \n" + new string('ä', 79) + "😀 and more", "user_message_chunk"));
        await Assert.That(await Title()).IsEqualTo(new string('ä', 79) + "😀");
        await client.IngestAsync("t1", Wire.Chunk("a"), Wire.Chunk("second", "user_message_chunk"));
        await Assert.That(await Title()).IsEqualTo(new string('ä', 79) + "😀");
        await client.IngestAsync("t1", info);
        await Assert.That(await Title()).IsEqualTo("by agent");
        await client.IngestAsync("t1", "{\"sessionUpdate\":\"session_info_update\"}", "{\"sessionUpdate\":\"session_info_update\",\"title\":null}");
        await Assert.That(await Title()).IsEqualTo("by agent");
        await client.AckedAsync("\"control\":\"tvx.update_thread\",\"threadId\":\"t1\",\"updates\":{\"title\":\"by client\"}");
        await client.IngestAsync("t1", info, Wire.Chunk("third", "user_message_chunk"));
        await Assert.That(await Title()).IsEqualTo("by client");
    }

    [Test]
    public async Task A_thread_counts_its_messages_and_knows_the_last()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);

        await client.IngestAsync("t1", Wire.Chunk("a", "user_message_chunk"), Wire.Chunk("b", "agent_thought_chunk"), Wire.Chunk("c"), Wire.Chunk("d"));
        var thread = (await client.RowsAsync("threads.get", "t1"))[0];
        var messages = await client.RowsAsync("messages.list", "t1");

        await Assert.That(thread.Number("messageCount")).IsEqualTo(3);
        await Assert.That(thread.Number("lastMessageTs")).IsEqualTo(messages[^1].Number("ts"));
        await Assert.That(thread.Text("source")).IsEqualTo("host");
    }
}
