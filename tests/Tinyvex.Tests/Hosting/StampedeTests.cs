using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Hosting;

/// <summary>All come back at once, after the server was away.</summary>
public class StampedeTests
{
    private const int Clients = 1_000;
    private const int Rounds = 40;

    private static Task<TinyvexServer> StartAsync(string database) => TinyvexServer.StartAsync(
        new TinyvexOptions { DatabasePath = database, Address = IPAddress.Loopback, Port = 0 }, TimeProvider.System, NullLoggerFactory.Instance);

    [Test]
    public async Task A_thousand_who_resume_at_once_after_a_restart_end_equal_and_cost_a_few_reads_of_the_store()
    {
        using var folder = new TempFolder();
        var whole = new StringBuilder();
        var places = new List<(string Cursor, int Seen)>();
        await using (var server = await StartAsync(folder["t.db"]))
        {
            await using var producer = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
            await using var reader = await TestClient.ConnectAsync(new Uri(server.Ready.Ws));
            await reader.SubscribeAsync("thread", "t1");
            for (var round = 0; round < Rounds; round++)
            {
                await producer.IngestAsync("t1", Wire.Chunk($"«{round} 数据库»", round / 7 % 2 == 0 ? "agent_message_chunk" : "agent_thought_chunk"));
                whole.Append($"«{round} 数据库»");
                var frame = await reader.NextAsync(one => one.Has("append"));
                // Each was away from another moment on.
                if (round < Rounds / 2) places.Add((frame.Text("cursor"), whole.Length));
            }
        }

        await using var again = await StartAsync(folder["t.db"]);
        var before = again.Reads;
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            var client = await TestClient.ConnectAsync(new Uri(again.Ready.Ws));
            return (Client: client, Text: await ResumeAsync(client, places[i % places.Count], whole.ToString()));
        }));

        await Assert.That(clients.Count(one => one.Text == whole.ToString())).IsEqualTo(Clients);
        await Assert.That(again.Reads - before).IsLessThan(Clients / 4);
        foreach (var (client, _) in clients) await client.DisposeAsync();
    }

    /// <summary>Resumes, and answers the text that it has once it is as long as the whole.</summary>
    private static async Task<string> ResumeAsync(TestClient client, (string Cursor, int Seen) place, string whole)
    {
        var reply = await client.RequestAsync($"\"control\":\"tvx.subscribe\",\"stream\":\"thread\",\"threadId\":\"t1\",\"since\":\"{place.Cursor}\"");
        await Assert.That(reply.Text("type")).IsEqualTo("tinyvex.resumed");
        var text = new StringBuilder(whole, 0, place.Seen, whole.Length + 1);
        while (text.Length < whole.Length)
        {
            if ((await client.NextAsync()).TryGetProperty("append", out var append)) text.Append(append.GetString());
        }

        return text.ToString();
    }
}
