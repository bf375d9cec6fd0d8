using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What each kind of ACP update does to the rows, and that the log keeps all of them.</summary>
public class UpdateKindTests
{
    [Test]
    public async Task Every_update_is_kept_as_it_was_received()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        string[] updates =
        [
            Wire.Chunk("a", "user_message_chunk"), Wire.Chunk("b", "agent_thought_chunk"), Wire.Chunk("c"),
            "{ \"sessionUpdate\" : \"tool_call\", \"toolCallId\":\"c\",\"title\":\"x\", \"_meta\":{\"z\":1,\"a\":[ 1.0, 1e2 ]} }",
            "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"c\",\"status\":null}",
            "{\"sessionUpdate\":\"plan\",\"entries\":[{\"content\":\"do\",\"priority\":\"high\",\"status\":\"pending\"}]}",
            "{\"sessionUpdate\":\"available_commands_update\",\"availableCommands\":[{\"name\":\"x\",\"description\":\"y\"}]}",
            "{\"sessionUpdate\":\"current_mode_update\",\"currentModeId\":\"code\"}",
            "{\"sessionUpdate\":\"config_option_update\",\"configOptions\":[{\"id\":\"o\"}]}",
            "{\"sessionUpdate\":\"session_info_update\",\"title\":\"T\"}",
            "{\"sessionUpdate\":\"usage_update\",\"used\":1,\"size\":2}",
            "{\"sessionUpdate\":\"brand_new\",\"x\":\"\\u00e4\"}",
            "{\"sessionUpdate\":\"tvx.deleted\"}", "{\"sessionUpdate\":\"tvx.finalize\"}", "{\"sessionUpdate\":\"tvx.thread\"}",
        ];
        foreach (var update in updates) await client.IngestAsync("t1", update);

        var events = await client.RowsAsync("events.list", "t1");

        await Assert.That(events.Select(row => row.GetProperty("update").GetRawText()).Lines()).IsEqualTo(updates.Lines());
        await Assert.That(events[^4].Text("kind")).IsEqualTo("brand_new");
        await Assert.That(events.Select(row => row.Text("cursor")).Distinct().Count()).IsEqualTo(updates.Length);
        var state = (await client.RowsAsync("state.get", "t1")).Single();
        await Assert.That(state.Text("currentModeId")).IsEqualTo("code");
        await Assert.That(state.GetProperty("availableCommands")[0].Text("name")).IsEqualTo("x");
        await Assert.That(state.GetProperty("configOptions")[0].Text("id")).IsEqualTo("o");
        await Assert.That(state.GetProperty("usage").GetRawText()).IsEqualTo("{\"used\":1,\"size\":2}");
        await Assert.That((await client.RowsAsync("plan.get", "t1")).Single().GetProperty("entries")[0].Text("content")).IsEqualTo("do");
        await Assert.That((await client.RowsAsync("threads.get", "t1"))[0].Text("title")).IsEqualTo("T");
    }

    [Test]
    public async Task In_a_tool_call_update_null_and_absent_mean_unchanged()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.SubscribeAsync("tool_calls", "t1");
        await client.IngestAsync("t1", """
            {"sessionUpdate":"tool_call","toolCallId":"c","title":"read","kind":"read","status":"in_progress","content":[{"type":"content"}],
            "locations":[{"path":"/a"}],"rawInput":{"a":1},"rawOutput":"o"}
            """.ReplaceLineEndings(""));
        await client.IngestAsync("t1", """
            {"sessionUpdate":"tool_call_update","toolCallId":"c","title":null,"kind":null,"status":null,"content":null,"locations":null,"rawInput":null}
            """.Trim());
        await client.IngestAsync("t1", "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"c\",\"content\":[],\"rawOutput\":{\"b\":2},\"status\":\"failed\"}");

        var first = (await client.NextAsync()).GetProperty("row");
        var second = (await client.NextAsync()).GetProperty("row");
        var third = (await client.NextAsync()).GetProperty("row");
        var row = (await client.QueryAsync("tool_calls.get", "\"threadId\":\"t1\",\"toolCallId\":\"c\"")).GetProperty("rows")[0];

        await Assert.That(first.GetProperty("content").GetRawText()).IsEqualTo("[{\"type\":\"content\"}]");
        await Assert.That(second.Has("content") || second.Has("rawInput") || second.Has("rawOutput")).IsFalse();
        await Assert.That($"{second.Text("title")} {second.Text("kind")} {second.Text("status")}").IsEqualTo("read read in_progress");
        await Assert.That(third.GetProperty("content").GetRawText()).IsEqualTo("[]");
        await Assert.That(row.Text("title")).IsEqualTo("read");
        await Assert.That(row.Text("status")).IsEqualTo("failed");
        await Assert.That(row.GetProperty("content").GetRawText()).IsEqualTo("[]");
        await Assert.That(row.GetProperty("locations").GetRawText()).IsEqualTo("[{\"path\":\"/a\"}]");
        await Assert.That(row.GetProperty("rawInput").GetRawText()).IsEqualTo("{\"a\":1}");
        await Assert.That(row.GetProperty("rawOutput").GetRawText()).IsEqualTo("{\"b\":2}");
        await Assert.That(row.Number("order")).IsEqualTo(first.Number("order"));
    }

    [Test]
    public async Task Rows_hold_the_fields_the_protocol_lists_all_in_camel_case()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync(
            "t1", Wire.Chunk("a"), "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"c\",\"title\":\"x\"}", "{\"sessionUpdate\":\"plan\",\"entries\":[]}",
            "{\"sessionUpdate\":\"usage_update\",\"used\":1,\"size\":2}");
        (string Query, string Fields)[] expected =
        [
            ("threads.get", "id title projectId resumeId source workingDirectory archived createdAt updatedAt messageCount lastMessageTs"),
            ("messages.list", "id threadId itemId role kind text partial seq ts createdAt updatedAt order"),
            ("tool_calls.list", "threadId toolCallId title kind status content locations rawInput rawOutput createdAt updatedAt order"),
            ("plan.get", "threadId entries updatedAt"),
            ("state.get", "threadId currentModeId availableCommands configOptions usage updatedAt"),
            ("events.list", "cursor ts kind update"),
            ("agents.list", "name title command available reason version source install login wantsLogin"),
            ("server.info", "version protocol storeId"),
        ];
        foreach (var (query, fields) in expected)
        {
            var row = (await client.RowsAsync(query, "t1"))[0];
            foreach (var field in fields.Split(' ')) await Assert.That(row.Has(field)).IsTrue().Because($"{query}: {field}");
            foreach (var field in row.EnumerateObject()) await Assert.That(IsCamelCase(field)).IsTrue().Because($"{query}: {field.Name}");
        }

        await Assert.That((await client.RowsAsync("messages.list", "t1"))[0].Has("content")).IsFalse();
    }

    private static bool IsCamelCase(JsonProperty field) => char.IsAsciiLetterLower(field.Name[0]) && field.Name.All(char.IsAsciiLetterOrDigit);
}
