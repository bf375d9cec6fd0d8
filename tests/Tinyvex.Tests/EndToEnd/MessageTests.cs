using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>How chunks become messages: where one ends and the next begins, and what is counted on the way.</summary>
public class MessageTests
{
    private const string Tool = "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c1\",\"title\":\"x\"}";
    private const string ToolUpdate = "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"c1\",\"status\":\"completed\"}";
    private const string Image = "{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"image\",\"data\":\"AA==\",\"mimeType\":\"image/png\"}}";

    /// <summary>Messages and tool calls in order, one word each: kind, role, text, and a mark on what is open.</summary>
    private static async Task<string> TimelineAsync(TestClient client, string threadId) =>
        string.Join(' ', (await client.RowsAsync("timeline.list", threadId)).Select(entry =>
        {
            var row = entry.GetProperty("row");
            return entry.Text("kind") == "message"
                ? $"{row.Text("kind")[0]}{row.GetProperty("role").GetString()?[0]}:{row.Text("text")}{(row.GetProperty("partial").GetBoolean() ? "…" : "")}"
                : entry.Text("kind");
        }));

    [Test]
    public async Task Messages_end_where_something_else_begins()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        (string[] Updates, string Timeline)[] cases =
        [
            ([Wire.Chunk("a"), Wire.Chunk("b")], "ma:ab…"),
            ([Wire.Chunk("a", "user_message_chunk"), Wire.Chunk("b")], "mu:a ma:b…"),
            ([Wire.Chunk("a", "agent_thought_chunk"), Wire.Chunk("b"), Wire.Chunk("c", "agent_thought_chunk")], "r:a ma:b r:c…"),
            ([Wire.Chunk("a"), Tool, Wire.Chunk("b")], "ma:a tool_call ma:b…"),
            ([Wire.Chunk("a"), ToolUpdate, Wire.Chunk("b")], "ma:a tool_call ma:b…"),
            ([Tool, Wire.Chunk("a"), ToolUpdate, Wire.Chunk("b"), Tool, Wire.Chunk("c")], "tool_call ma:abc…"),
            ([Wire.Chunk("a"), "{\"sessionUpdate\":\"plan\",\"entries\":[]}", Wire.Chunk("b")], "ma:ab…"),
            ([Wire.Chunk("a"), "{\"sessionUpdate\":\"unheard_of\"}", Wire.Chunk("b")], "ma:ab…"),
            ([Wire.Chunk("a", messageId: "1"), Wire.Chunk("b", messageId: "1"), Wire.Chunk("c", messageId: "2")], "ma:ab ma:c…"),
            ([Wire.Chunk("a", messageId: "1"), Wire.Chunk("b"), Wire.Chunk("c", messageId: "1")], "ma:abc…"),
            ([Wire.Chunk("a", messageId: "1"), Wire.Chunk("a", messageId: "2")], "ma:a ma:a…"),
            ([Wire.Chunk("same"), Tool, Wire.Chunk("same")], "ma:same tool_call ma:same…"),
            ([Wire.Chunk(""), Wire.Chunk("a"), Wire.Chunk("")], "ma:a…"),
        ];
        for (var i = 0; i < cases.Length; i++)
        {
            await client.IngestAsync($"t{i}", cases[i].Updates);
            await Assert.That(await TimelineAsync(client, $"t{i}")).IsEqualTo(cases[i].Timeline).Because($"case {i}");
        }
    }

    [Test]
    public async Task Frames_tell_chunk_by_chunk_what_the_row_becomes()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.SubscribeAsync("thread", "t1");

        await client.IngestAsync("t1", Wire.Chunk("ä"), Image, Wire.Chunk("😀b"), Wire.Chunk("hm", "agent_thought_chunk"), Tool, ToolUpdate);
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        await client.IngestAsync("t1", Wire.Chunk("end"));
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\",\"kind\":\"reason\"");
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\",\"kind\":\"message\"");
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        var frames = await ReadToAsync(client, frame => frame.Text("stream") == "threads" && frame.GetProperty("row").Number("messageCount") == 3, times: 2);

        await Assert.That(frames.Select(Tell).Lines()).IsEqualTo("""
            threads 2
            update message assistant order=1 seq=1-1 append=ä len=2
            update message assistant order=1 seq=2-2 append= len=2 +image
            update message assistant order=1 seq=3-3 append=😀b len=7
            finalize message assistant seq=3 len=7
            update reason  order=2 seq=1-1 append=hm len=2
            finalize reason  seq=1 len=2
            tool_calls c1 pending
            tool_calls c1 completed
            threads 3
            update message assistant order=4 seq=1-1 append=end len=3
            finalize message assistant seq=1 len=3
            threads 3
            """.ReplaceLineEndings("\n"));
        var rows = await client.RowsAsync("messages.list", "t1");
        await Assert.That(rows.Select(row => $"{row.Number("order")} {row.Number("seq")} {row.Number("textLen")} {row.Text("text")}").Lines())
            .IsEqualTo("1 3 7 ä😀b\n2 1 2 hm\n4 1 3 end");
        await Assert.That(rows[0].GetProperty("content").EnumerateArray().Select(block => block.Text("type")).Lines()).IsEqualTo("text\nimage\ntext");
        await Assert.That(rows[1].Has("content")).IsFalse();
    }

    private static async Task<List<JsonElement>> ReadToAsync(TestClient client, Func<JsonElement, bool> last, int times)
    {
        var frames = new List<JsonElement>();
        while (times > 0)
        {
            var frame = await client.NextAsync();
            frames.Add(frame);
            if (last(frame)) times--;
        }

        return frames;
    }

    private static string Tell(JsonElement frame)
    {
        var type = frame.Text("type")["tinyvex.".Length..];
        if (frame.Text("stream") == "threads") return $"threads {frame.GetProperty("row").Number("messageCount")}";
        if (frame.Text("stream") == "tool_calls") return $"tool_calls {frame.Text("toolCallId")} {frame.GetProperty("row").Text("status")}";
        var head = $"{type} {frame.Text("kind")} {frame.Text("role")}";
        if (type == "finalize") return $"{head} seq={frame.Number("seq")} len={frame.Number("textLen")}";
        var block = frame.TryGetProperty("content", out var content) ? " +" + content[0].Text("type") : "";
        return $"{head} order={frame.Number("order")} seq={frame.Number("fromSeq")}-{frame.Number("seq")} append={frame.Text("append")} len={frame.Number("textLen")}{block}";
    }

    [Test]
    public async Task A_final_message_never_changes_again()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("first", messageId: "m"));
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        var before = (await client.RowsAsync("messages.list", "t1"))[0].GetRawText();

        await client.IngestAsync("t1", Wire.Chunk("second", messageId: "m"));
        var rows = await client.RowsAsync("messages.list", "t1");

        await Assert.That(rows[0].GetRawText()).IsEqualTo(before);
        await Assert.That(rows[1].Text("text")).IsEqualTo("second");
        await Assert.That(rows[1].Text("itemId")).IsNotEqualTo(rows[0].Text("itemId"));
    }

    [Test]
    public async Task Long_text_survives_in_any_characters_while_open_final_and_after_a_crash()
    {
        using var folder = new TempFolder();
        var written = new System.Text.StringBuilder();
        var random = new Random(1);
        string itemId;
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(server);
            string[] pieces = ["a", "ä", "😀", "\0", "\n", "\"\\", "日本語", new string('x', 1000)];
            for (var i = 0; i < 40; i++)
            {
                var chunks = Enumerable.Range(0, 25).Select(_ => pieces[random.Next(pieces.Length)]).ToArray();
                foreach (var chunk in chunks) written.Append(chunk);
                await client.IngestAsync("t1", [.. chunks.Select(chunk => Wire.Chunk(chunk))]);
                var row = (await client.RowsAsync("messages.list", "t1"))[0];
                await Assert.That(row.Text("text")).IsEqualTo(written.ToString());
                await Assert.That(row.Number("seq")).IsEqualTo((i + 1) * 25);
            }

            itemId = (await client.RowsAsync("messages.list", "t1"))[0].Text("itemId");
            await server.KillAsync();
        }

        await using var again = await ServerProcess.StartAsync(folder["t.db"]);
        await using var reader = await TestClient.ConnectAsync(again);
        var final = (await reader.QueryAsync("messages.get", $"\"threadId\":\"t1\",\"itemId\":\"{itemId}\"")).GetProperty("rows")[0];
        await Assert.That(final.Text("text")).IsEqualTo(written.ToString());
        await Assert.That(final.Number("seq")).IsEqualTo(1000);
        await Assert.That(final.GetProperty("partial").GetBoolean()).IsFalse();
        await Assert.That(final.Number("textLen")).IsEqualTo(System.Text.Encoding.UTF8.GetByteCount(written.ToString()));
    }
}
