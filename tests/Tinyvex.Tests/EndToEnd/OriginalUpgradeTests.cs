using System.Text.Json;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What clients see of a database that the original made.</summary>
public class OriginalUpgradeTests
{
    [Test]
    public async Task Clients_see_all_that_was_in_it()
    {
        using var folder = new TempFolder();
        OriginalFile.MakeCrashed(folder["t.db"]);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);

        var threads = await QueryAsync(client, "threads.list", "\"archived\":\"all\"");
        await Assert.That(string.Join(' ', threads.Select(row => $"{row.GetProperty("id")}:{row.GetProperty("messageCount")}:{row.GetProperty("archived")}")))
            .IsEqualTo("t1:5:False t2:1:True only-tools:0:False only-messages:1:False");

        var messages = await QueryAsync(client, "messages.list", "\"threadId\":\"t1\"");
        await Assert.That(string.Join('\n', messages.Select(row => $"{row.GetProperty("role")} {row.GetProperty("kind")} {row.GetProperty("text")}"))).IsEqualTo("""
            user message Hi
             reason Thinking
             reason Thinking
            assistant message Grüße 🌍
            user message In the WAL
            """);
        await Assert.That(messages.Any(row => row.GetProperty("partial").GetBoolean())).IsFalse();
        await Assert.That(messages[3].GetProperty("textLen").GetInt32()).IsEqualTo(12);

        var tools = await QueryAsync(client, "tool_calls.list", "\"threadId\":\"t1\"");
        await Assert.That(string.Join(' ', tools.Select(row => $"{row.GetProperty("toolCallId").GetString()!.Length}:{row.GetProperty("kind")}:{row.GetProperty("status")}")))
            .IsEqualTo("19:other:failed 5:: 17:switch_mode:completed 6:read:in_progress");
        await Assert.That(tools[3].GetProperty("locations")[0].GetProperty("line").GetInt32()).IsEqualTo(3);
        await Assert.That(tools[1].GetProperty("content").ValueKind).IsEqualTo(JsonValueKind.Null);

        var timeline = await QueryAsync(client, "timeline.list", "\"threadId\":\"t1\"");
        var orders = timeline.Select(entry => entry.GetProperty("row").GetProperty("order").GetInt32()).ToArray();
        await Assert.That(orders).IsEquivalentTo(Enumerable.Range(1, 9));
        await Assert.That((await QueryAsync(client, "plan.get", "\"threadId\":\"t1\""))[0].GetProperty("entries")[0].GetProperty("content").GetString()).IsEqualTo("Do it");
        await Assert.That((await QueryAsync(client, "state.get", "\"threadId\":\"t1\""))[0].GetProperty("availableCommands")[0].GetProperty("name").GetString())
            .IsEqualTo("review");
        await Assert.That((await QueryAsync(client, "events.list", "\"threadId\":\"t1\"")).Count).IsEqualTo(1);
    }

    [Test]
    public async Task A_thread_of_it_goes_on()
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["t.db"]);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.RequestAsync("""
            "control":"tvx.ingest","threadId":"t1","provider":"host","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"On"}}
            """);
        await client.RequestAsync("""
            "control":"tvx.ingest","threadId":"t1","provider":"host","update":{"sessionUpdate":"tool_call_update","toolCallId":"call_1","status":"completed"}
            """);
        var last = (await QueryAsync(client, "messages.list", "\"threadId\":\"t1\""))[^1];
        await Assert.That(last.GetProperty("text").GetString()).IsEqualTo("On");
        await Assert.That(last.GetProperty("order").GetInt32()).IsEqualTo(9);
        var tool = (await QueryAsync(client, "tool_calls.list", "\"threadId\":\"t1\"")).Single(row => row.GetProperty("toolCallId").GetString() == "call_1");
        await Assert.That(tool.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(tool.GetProperty("title").GetString()).IsEqualTo("Read it");
    }

    private static async Task<IReadOnlyList<JsonElement>> QueryAsync(TestClient client, string name, string arguments)
    {
        var reply = await client.RequestAsync($"\"control\":\"tvx.query\",\"name\":\"{name}\",\"args\":{{{arguments}}}");
        return [.. reply.GetProperty("rows").EnumerateArray()];
    }
}
