using System.Text;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>A thread that was deleted is seen no more at once, and leaves the file soon after.</summary>
public class PurgeTests
{
    private const string Mark = "xqzvmark";

    private static readonly string LongText = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{Mark}{i} "));

    private static async Task FillAsync(TestClient client, string threadId)
    {
        await client.IngestAsync(
            threadId,
            Wire.Chunk($"{Mark} asks", "user_message_chunk"), Wire.Chunk($"{Mark} thinks", "agent_thought_chunk"), Wire.Chunk(LongText),
            $$$"""{"sessionUpdate":"agent_message_chunk","content":{"type":"resource_link","uri":"file:///{{{Mark}}}","name":"{{{Mark}}}"}}""",
            $$$"""{"sessionUpdate":"tool_call","toolCallId":"{{{Mark}}}","title":"{{{Mark}}}","rawInput":{"x":"{{{Mark}}}"},"content":[{"type":"content","content":{"type":"text","text":"{{{LongText}}}"}}]}""",
            $$"""{"sessionUpdate":"plan","entries":[{"content":"{{Mark}}","priority":"high","status":"pending"}]}""",
            $$"""{"sessionUpdate":"session_info_update","title":"{{Mark}}"}""",
            Wire.Chunk($"{Mark} is still open"));
        await client.AckedAsync($"\"control\":\"tvx.update_thread\",\"threadId\":\"{threadId}\",\"updates\":{{\"projectId\":\"{Mark}\",\"workingDirectory\":\"/{Mark}\"}}");
    }

    /// <summary>Of the files that make the database, those that hold the mark.</summary>
    private static string Holding(string database) => string.Join(' ', new[] { "", "-wal" }.Where(ending =>
    {
        var path = database + ending;
        if (!File.Exists(path)) return false;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // It may shrink meanwhile.
        var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.UTF8.GetBytes(Mark)) >= 0;
    }).Select(ending => ending.Length == 0 ? "database" : ending));

    [Test]
    public async Task Nothing_of_it_is_left_in_the_file_nor_in_the_WAL()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        for (var i = 0; i < 5; i++) await FillAsync(client, $"gone{i}");
        await client.IngestAsync("kept", Wire.Chunk("this stays"));
        await Assert.That(Holding(folder["t.db"])).IsNotEqualTo("");

        for (var i = 0; i < 5; i++) await client.AckedAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"gone{i}\"");
        await Deadline.UntilAsync(() => Holding(folder["t.db"]) == "", "the mark is in no file");
        await Assert.That((await client.RowsAsync("messages.list", "kept")).Single().Text("text")).IsEqualTo("this stays");
        await Assert.That(OriginalFile.Select(folder["t.db"], "PRAGMA integrity_check")).IsEqualTo("ok");
        await Assert.That(OriginalFile.Select(folder["t.db"], "PRAGMA freelist_count")).IsEqualTo("0");
    }

    [Test]
    public async Task An_orderly_stop_right_behind_the_deletion_leaves_nothing_either()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await FillAsync(client, "gone");
        await client.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"gone\"");
        await Assert.That(await server.StopAsync()).IsEqualTo(0);
        await Assert.That(Holding(folder["t.db"])).IsEqualTo("");
    }

    [Test]
    public async Task A_large_one_is_seen_no_more_at_once_and_goes_also_when_the_server_is_killed()
    {
        using var folder = new TempFolder();
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(server);
            for (var i = 0; i < 4; i++)
            {
                await client.IngestAsync("gone", [.. Enumerable.Range(0, 1_000).Select(n => Wire.Chunk($"{Mark} {n}", n % 2 == 0 ? "agent_message_chunk" : "agent_thought_chunk"))]);
            }

            await FillAsync(client, "gone");
            await client.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"gone\"");
            foreach (var list in (string[])["messages.list", "tool_calls.list", "timeline.list", "events.list", "plan.get", "state.get", "runs.list"])
            {
                await Assert.That(await client.RowsAsync(list, "gone")).IsEmpty().Because(list);
            }

            await Assert.That(await client.RowsAsync("search", more: $",\"text\":\"{Mark}\"")).IsEmpty();
            await Assert.That((await client.SubscribeAsync("thread", "gone")).GetProperty("messages").GetArrayLength()).IsEqualTo(0);
            await server.KillAsync();
        }

        await Assert.That(OriginalFile.Select(folder["t.db"], "SELECT count(*) > 0 FROM messages WHERE threadId = 'gone'")).IsEqualTo("1").Because("there is something left to do");
        await using var again = await ServerProcess.StartAsync(folder["t.db"]);
        await Deadline.UntilAsync(() => Holding(folder["t.db"]) == "", "the mark is in no file");
        await Assert.That(OriginalFile.Select(folder["t.db"], "SELECT count(*) FROM purges")).IsEqualTo("0");
    }

    [Test]
    public async Task One_that_is_made_anew_at_once_has_nothing_of_the_old_one()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        for (var i = 0; i < 2; i++) await client.IngestAsync("t1", [.. Enumerable.Range(0, 1_000).Select(n => Wire.Chunk("x", n % 2 == 0 ? "agent_message_chunk" : "agent_thought_chunk"))]);
        await FillAsync(client, "t1");
        await client.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"t1\"");
        await client.IngestAsync("t1", Wire.Chunk("new"), $$"""{"sessionUpdate":"tool_call_update","toolCallId":"{{Mark}}","status":"pending"}""");

        await Assert.That((await client.RowsAsync("messages.list", "t1")).Single().Text("text")).IsEqualTo("new");
        await Assert.That((await client.RowsAsync("tool_calls.list", "t1")).Single().GetProperty("title").ValueKind).IsEqualTo(System.Text.Json.JsonValueKind.Null);
        await Assert.That((await client.RowsAsync("events.list", "t1")).Length).IsEqualTo(2);
        await Assert.That((await client.RowsAsync("threads.get", "t1")).Single().Number("messageCount")).IsEqualTo(1);
    }
}
