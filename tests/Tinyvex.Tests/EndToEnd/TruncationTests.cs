using System.Text;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Fields over 256 KiB: cut where rows come in numbers, whole where one is asked for.</summary>
public class TruncationTests
{
    private const int Limit = 256 * 1024;

    [Test]
    public async Task A_long_text_is_cut_between_characters_everywhere_but_in_get()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var reader = await TestClient.ConnectAsync(server);
        await reader.SubscribeAsync("messages", "t1");
        // The limit falls inside an emoji.
        var text = "xyz" + string.Concat(Enumerable.Repeat("😀", 100_000));

        await client.IngestAsync("t1", Wire.Chunk(text));
        var update = await reader.NextAsync();
        var listed = (await client.RowsAsync("messages.list", "t1"))[0];
        var snapshot = (await client.SubscribeAsync("messages", "t1")).GetProperty("rows")[0];
        var timeline = (await client.RowsAsync("timeline.list", "t1"))[0].GetProperty("row");
        var whole = (await client.QueryAsync("messages.get", $"\"threadId\":\"t1\",\"itemId\":\"{listed.Text("itemId")}\"")).GetProperty("rows")[0];

        foreach (var (row, field) in ((JsonElement, string)[])[(update, "append"), (listed, "text"), (snapshot, "text"), (timeline, "text")])
        {
            await Assert.That(row.GetProperty("truncated").GetBoolean()).IsTrue();
            await Assert.That(text).StartsWith(row.Text(field));
            await Assert.That(Encoding.UTF8.GetByteCount(row.Text(field))).IsBetween(Limit - 3, Limit);
            await Assert.That(row.Number("textLen")).IsEqualTo(Encoding.UTF8.GetByteCount(text));
        }

        await Assert.That(whole.Text("text")).IsEqualTo(text);
        await Assert.That(whole.Has("truncated")).IsFalse();
    }

    [Test]
    public async Task Long_JSON_is_cut_to_valid_JSON_of_the_same_shape()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var reader = await TestClient.ConnectAsync(server);
        await reader.SubscribeAsync("tool_calls", "t1");
        var text = string.Concat(Enumerable.Repeat("ä\\n\\\"", 100_000));
        string[] values =
        [
            $"[{{\"type\":\"content\",\"content\":{{\"type\":\"text\",\"text\":\"{text}\"}}}},{{\"type\":\"diff\"}}]",
            $"[{string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"{{\"n\":{i}}}"))}]",
            $"[\"{string.Join("\",\"", Enumerable.Range(0, 100_000))}\"]",
            $"[{new string('1', 400_000)},true]",
            $"[{{\"{new string('n', 400_000)}\":1,\"b\":2}}]",
            $"[{string.Concat(Enumerable.Repeat("[\"x\",", 100))}\"{text}\"{new string(']', 100)}]",
        ];
        for (var i = 0; i < values.Length; i++)
        {
            await client.IngestAsync("t1", $"{{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c{i}\",\"title\":\"x\",\"content\":{values[i]},\"rawInput\":\"small\"}}");
            var update = (await reader.NextAsync()).GetProperty("row");
            var listed = (await client.RowsAsync("tool_calls.list", "t1")).Single(row => row.Text("toolCallId") == $"c{i}");
            var whole = (await client.QueryAsync("tool_calls.get", $"\"threadId\":\"t1\",\"toolCallId\":\"c{i}\"")).GetProperty("rows")[0];

            foreach (var row in (JsonElement[])[update, listed])
            {
                await Assert.That(row.GetProperty("truncated").GetBoolean()).IsTrue().Because($"{i}");
                await Assert.That(row.GetProperty("content").ValueKind).IsEqualTo(JsonValueKind.Array);
                await Assert.That(row.GetProperty("content").GetRawText().Length).IsLessThan(3 * Limit).Because($"{i}");
                await Assert.That(row.Text("rawInput")).IsEqualTo("small");
            }

            await Assert.That(whole.GetProperty("content").GetRawText()).IsEqualTo(values[i]);
            await Assert.That(whole.Has("truncated")).IsFalse();
        }
    }

    [Test]
    public async Task Blocks_plans_titles_and_states_are_cut_too()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var reader = await TestClient.ConnectAsync(server);
        await reader.SubscribeAsync("thread", "t1");
        var big = new string('x', 2 * Limit);

        await client.IngestAsync("t1", $"{{\"sessionUpdate\":\"session_info_update\",\"title\":\"{big}\"}}");
        await client.IngestAsync("t1", $"{{\"sessionUpdate\":\"plan\",\"entries\":[\"{big}\"]}}");
        await client.IngestAsync("t1", $"{{\"sessionUpdate\":\"available_commands_update\",\"availableCommands\":[\"{big}\"]}}");
        await client.IngestAsync("t1", $"{{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{{\"type\":\"image\",\"data\":\"{big}\",\"mimeType\":\"image/png\"}}}}");

        for (var seen = new HashSet<string>(); seen.Count < 4;)
        {
            var frame = await reader.NextAsync();
            var row = frame.TryGetProperty("row", out var inner) ? inner : frame;
            await Assert.That(frame.GetRawText().Length).IsLessThan(Limit + 2000);
            await Assert.That(row.GetProperty("truncated").GetBoolean()).IsTrue();
            seen.Add(frame.Text("stream"));
        }

        var message = (await client.RowsAsync("messages.list", "t1"))[0];
        await Assert.That(message.GetProperty("truncated").GetBoolean()).IsTrue();
        await Assert.That((await client.RowsAsync("threads.list"))[0].GetRawText().Length).IsLessThan(Limit + 2000);
        await Assert.That((await client.RowsAsync("threads.get", "t1"))[0].Text("title")).IsEqualTo(big);
        await Assert.That((await client.RowsAsync("plan.get", "t1"))[0].GetProperty("entries")[0].GetString()).IsEqualTo(big);
        await Assert.That((await client.RowsAsync("state.get", "t1"))[0].GetProperty("availableCommands")[0].GetString()).IsEqualTo(big);
        var whole = (await client.QueryAsync("messages.get", $"\"threadId\":\"t1\",\"itemId\":\"{message.Text("itemId")}\"")).GetProperty("rows")[0];
        await Assert.That(whole.GetProperty("content")[0].Text("data")).IsEqualTo(big);
    }
}
