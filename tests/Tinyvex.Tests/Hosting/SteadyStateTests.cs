using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Hosting;

/// <summary>Statements are compiled once.</summary>
public class SteadyStateTests
{
    private static readonly string[] Requests =
    [
        .. Updates(
            """{"sessionUpdate":"user_message_chunk","content":{"type":"text","text":"Hi"}}""",
            """{"sessionUpdate":"agent_thought_chunk","content":{"type":"text","text":"Hm"}}""",
            """{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"Hello"}}""",
            """{"sessionUpdate":"tool_call","toolCallId":"NEW","title":"T"}""",
            """{"sessionUpdate":"tool_call_update","toolCallId":"NEW","status":"completed"}""",
            """{"sessionUpdate":"plan","entries":[]}""",
            """{"sessionUpdate":"current_mode_update","currentModeId":"m"}""",
            """{"sessionUpdate":"session_info_update","title":"NEW"}"""),
        "\"control\":\"tvx.finalize\",\"threadId\":\"t1\"",
        "\"control\":\"tvx.ingest\",\"threadId\":\"NEW\",\"provider\":\"p\",\"key\":\"NEW\",\"update\":{\"sessionUpdate\":\"plan\",\"entries\":[]}",
        "\"control\":\"tvx.create_thread\",\"title\":\"NEW\"",
        "\"control\":\"tvx.update_thread\",\"threadId\":\"t1\",\"updates\":{\"title\":\"NEW\"}",
        "\"control\":\"tvx.delete_thread\",\"threadId\":\"NEW\"",
        .. Queries(
            "threads.list", "threads.get", "messages.list", "tool_calls.list", "timeline.list", "plan.get", "state.get", "events.list", "runs.list",
            "permissions.list", "server.info"),
        "\"control\":\"tvx.subscribe\",\"stream\":\"thread\",\"threadId\":\"t1\"",
        "\"control\":\"tvx.unsubscribe\",\"stream\":\"thread\",\"threadId\":\"t1\"",
    ];

    [Test]
    public async Task Nothing_is_compiled_once_every_kind_of_request_was_seen()
    {
        using var folder = new TempFolder();
        var options = new TinyvexOptions { DatabasePath = folder["t.db"], Address = IPAddress.Loopback, Port = 0 };
        await using var server = await TinyvexServer.StartAsync(options, new StillTime(), NullLoggerFactory.Instance);
        await using var client = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
        for (var round = 0; round < 2; round++) await RoundAsync(client, round);
        var before = server.Prepares;

        for (var round = 2; round < 12; round++) await RoundAsync(client, round);

        await Assert.That(before).IsGreaterThan(20);
        await Assert.That(server.Prepares).IsEqualTo(before);
    }

    private static async Task RoundAsync(TestClient client, int round)
    {
        foreach (var request in Requests)
        {
            var reply = await client.RequestAsync(request.Replace("NEW", $"new-{round}", StringComparison.Ordinal));
            await Assert.That(reply.GetProperty("type").GetString()).IsNotEqualTo("tinyvex.error").Because($"{request} was answered {reply.GetRawText()}");
        }
    }

    private static IEnumerable<string> Updates(params string[] updates) =>
        updates.Select(update => $"\"control\":\"tvx.ingest\",\"threadId\":\"t1\",\"provider\":\"host\",\"update\":{update}");

    private static IEnumerable<string> Queries(params string[] names) =>
        names.Select(name => $"\"control\":\"tvx.query\",\"name\":\"{name}\",\"args\":{{\"threadId\":\"t1\"}}");
}
