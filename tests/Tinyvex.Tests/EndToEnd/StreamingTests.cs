using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>The whole path: an update goes in, and comes out of the store to everyone who looks.</summary>
public class StreamingTests
{
    private const string Chunk = """
        "control":"tvx.ingest","threadId":"t1","provider":"host","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"TEXT"}}
        """;

    [Test]
    public async Task A_subscriber_gets_a_snapshot_and_then_every_update()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var producer = await TestClient.ConnectAsync(server);
        await using var reader = await TestClient.ConnectAsync(server);
        await producer.RequestAsync(Chunk.Replace("TEXT", "Hello"));

        var snapshot = await reader.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"threadId\":\"t1\"");
        await producer.RequestAsync(Chunk.Replace("TEXT", " wörld"));
        var update = await reader.NextAsync();

        await Assert.That(snapshot.GetProperty("rows")[0].GetProperty("text").GetString()).IsEqualTo("Hello");
        await Assert.That(update.GetProperty("append").GetString()).IsEqualTo(" wörld");
        await Assert.That(update.GetProperty("seq").GetInt32()).IsEqualTo(2);
        await Assert.That(update.GetProperty("textLen").GetInt32()).IsEqualTo(12);
    }
}
