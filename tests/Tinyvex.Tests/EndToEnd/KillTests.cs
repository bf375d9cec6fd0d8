using System.Collections.Concurrent;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>What an ack promises: the write is there after kill -9.</summary>
public class KillTests
{
    [Test]
    public async Task Every_acked_update_survives_a_kill_in_a_flood()
    {
        using var folder = new TempFolder();
        var acked = new ConcurrentDictionary<string, int>();
        for (var life = 0; life < 4; life++)
        {
            await using var server = await ServerProcess.StartAsync(folder["t.db"]);
            var lifeOf = life;
            var floods = Enumerable.Range(0, 4).Select(producer => FloodAsync(server, $"t{lifeOf}-{producer}", acked)).ToArray();
            await Deadline.UntilAsync(
                () => Enumerable.Range(0, 4).All(producer => acked.GetValueOrDefault($"t{lifeOf}-{producer}") > 200), "the flood runs");
            await server.KillAsync();
            await Task.WhenAll(floods);
        }

        await using var last = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(last);
        foreach (var (thread, count) in acked)
        {
            var reply = await client.RequestAsync($"\"control\":\"tvx.query\",\"name\":\"messages.list\",\"args\":{{\"threadId\":\"{thread}\"}}");
            var row = reply.GetProperty("rows")[0];
            var expected = string.Concat(Enumerable.Range(0, count).Select(i => $"{i} "));
            await Assert.That(row.GetProperty("text").GetString()!).StartsWith(expected);
            await Assert.That(row.GetProperty("partial").GetBoolean()).IsFalse();
            await Assert.That(row.GetProperty("seq").GetInt32()).IsGreaterThanOrEqualTo(count);
            await Assert.That(row.GetProperty("textLen").GetInt32()).IsEqualTo(row.GetProperty("text").GetString()!.Length);
        }

        await last.StopAsync();
        await Assert.That(OriginalFile.Select(folder["t.db"], "PRAGMA integrity_check")).IsEqualTo("ok");
        await Assert.That(OriginalFile.Select(folder["t.db"], "SELECT count(*) FROM messages WHERE partial = 1")).IsEqualTo("0");
    }

    /// <summary>Keeps some updates in flight until the server is gone; each ack is counted.</summary>
    private static async Task FloodAsync(ServerProcess server, string thread, ConcurrentDictionary<string, int> acked)
    {
        await using var client = await TestClient.ConnectAsync(server);
        var inFlight = new Queue<Task>();
        try
        {
            for (var i = 0; ; i++)
            {
                inFlight.Enqueue(client.RequestAsync($$$"""
                    "control":"tvx.ingest","threadId":"{{{thread}}}","provider":"host","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{{i}}} "}}
                    """));
                if (inFlight.Count < 32) continue;
                await inFlight.Dequeue();
                acked.AddOrUpdate(thread, 1, (_, count) => count + 1);
            }
        }
        catch (Exception exception) when (IsEndOfServer(exception))
        {
            // The server was killed. Some acks may still have come.
            foreach (var task in inFlight)
            {
                try
                {
                    await task;
                    acked.AddOrUpdate(thread, 1, (_, count) => count + 1);
                }
                catch (Exception rest) when (IsEndOfServer(rest))
                {
                    // It was not acked, so it may be there or not.
                }
            }
        }
    }

    private static bool IsEndOfServer(Exception exception) =>
        exception is InvalidOperationException or System.Net.WebSockets.WebSocketException or IOException or OperationCanceledException;
}
