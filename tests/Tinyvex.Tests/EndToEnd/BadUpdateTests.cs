using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>ACP updates that lack what their kind needs, and batches with one of them.</summary>
public class BadUpdateTests
{
    private static readonly string[] Bad =
    [
        .. from kind in (string[])["user_message_chunk", "agent_message_chunk", "agent_thought_chunk"]
           from rest in (string[])
           [
               "", ",\"content\":null", ",\"content\":\"x\"", ",\"content\":[]", ",\"content\":{}", ",\"content\":{\"type\":7}", ",\"content\":{\"type\":\"text\"}",
               ",\"content\":{\"type\":\"text\",\"text\":7}", ",\"content\":{\"type\":\"text\",\"text\":null}",
               ",\"content\":{\"type\":\"text\",\"text\":\"x\"},\"messageId\":7",
           ]
           select $"{{\"sessionUpdate\":\"{kind}\"{rest}}}",
        "{\"sessionUpdate\":\"tool_call\"}", "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c\"}", "{\"sessionUpdate\":\"tool_call\",\"title\":\"x\"}",
        "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":7,\"title\":\"x\"}", "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c\",\"title\":\"x\",\"content\":{}}",
        "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c\",\"title\":\"x\",\"locations\":7}",
        "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c\",\"title\":\"x\",\"status\":7}",
        "{\"sessionUpdate\":\"tool_call_update\"}", "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":null}",
        "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"c\",\"kind\":7}",
        "{\"sessionUpdate\":\"plan\"}", "{\"sessionUpdate\":\"plan\",\"entries\":null}", "{\"sessionUpdate\":\"plan\",\"entries\":{}}",
        "{\"sessionUpdate\":\"available_commands_update\"}", "{\"sessionUpdate\":\"available_commands_update\",\"availableCommands\":7}",
        "{\"sessionUpdate\":\"current_mode_update\"}", "{\"sessionUpdate\":\"current_mode_update\",\"currentModeId\":7}",
        "{\"sessionUpdate\":\"config_option_update\"}", "{\"sessionUpdate\":\"config_option_update\",\"configOptions\":{}}",
        "{\"sessionUpdate\":\"session_info_update\",\"title\":7}",
        "{\"sessionUpdate\":\"usage_update\"}", "{\"sessionUpdate\":\"usage_update\",\"used\":1}", "{\"sessionUpdate\":\"usage_update\",\"used\":\"1\",\"size\":2}",
        "{\"sessionUpdate\":\"\\ud800\"}", "{}", "null", "[]", "\"plan\"",
    ];

    [Test]
    public async Task A_known_kind_without_what_it_needs_changes_nothing()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);

        foreach (var update in Bad)
        {
            await Assert.That(await client.RefusedAsync(Wire.Ingest("t1", update))).IsEqualTo("bad_request").Because(update);
        }

        await Assert.That(await client.RowsAsync("threads.list")).IsEmpty();
        await Assert.That(await client.RowsAsync("events.list", "t1")).IsEmpty();
        await Assert.That((await client.RowsAsync("server.info"))[0].Number("lastEvent")).IsEqualTo(0);
        await Assert.That(server.Errors).DoesNotContain("failed");
    }

    [Test]
    public async Task A_batch_is_taken_whole_or_not_at_all()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var good = Wire.Chunk("good");

        await Assert.That(await client.RefusedAsync(Wire.Ingest("t1", good, good, "{\"sessionUpdate\":\"plan\"}"))).IsEqualTo("bad_request");
        await Assert.That(await client.RowsAsync("threads.list")).IsEmpty();
        await client.IngestAsync("t1", good, "{\"sessionUpdate\":\"plan\",\"entries\":[]}", good);

        await Assert.That((await client.RowsAsync("messages.list", "t1"))[0].Text("text")).IsEqualTo("goodgood");
        await Assert.That((await client.RowsAsync("events.list", "t1")).Select(row => row.Text("kind")).Lines())
            .IsEqualTo("agent_message_chunk\nplan\nagent_message_chunk");
        await Assert.That(await client.RefusedAsync(Wire.Ingest("t1", [.. Enumerable.Repeat(good, 10_001)]))).IsEqualTo("too_large");
    }

    [Test]
    public async Task Odd_but_valid_updates_are_taken()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var nested = new string('[', 200) + new string(']', 200);
        string[] updates =
        [
            // Fields in any order, unknown ones, numbers beyond any type, text cut inside a character.
            "{\"content\":{\"text\":\"a\",\"x\":1e999,\"type\":\"text\"},\"_meta\":{\"n\":123456789012345678901234567890},\"sessionUpdate\":\"agent_message_chunk\"}",
            "{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"text\",\"text\":\"\\ud83d|\\u0000|\\/|\\u00e4\"}}",
            "{\"sessionUpdate\":\"usage_update\",\"used\":1e999,\"size\":0.5,\"cost\":{\"amount\":1,\"currency\":\"\\ud800\"}}",
            "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"\",\"title\":\"\",\"rawInput\":" + nested + ",\"rawOutput\":false}",
            "{\"sessionUpdate\":\"brand_new\",\"deep\":" + nested + "}",
            "{\"sessionUpdate\":\"\"}",
        ];
        await client.IngestAsync("t1", updates);

        var events = await client.RowsAsync("events.list", "t1");
        var message = (await client.RowsAsync("messages.list", "t1"))[0];

        await Assert.That(events.Select(row => row.GetProperty("update").GetRawText()).Lines()).IsEqualTo(updates.Lines());
        await Assert.That(message.Text("text")).IsEqualTo("a\uFFFD|\0|/|ä");
        await Assert.That(message.Number("textLen")).IsEqualTo(1 + 3 + 5 + 2);
        await Assert.That((await client.RowsAsync("state.get", "t1"))[0].GetProperty("usage").GetRawText()).Contains("1e999").And.Contains("\\ud800");
    }
}
