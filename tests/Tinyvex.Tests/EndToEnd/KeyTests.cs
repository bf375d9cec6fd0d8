using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Idempotency keys: a write that is repeated happens once.</summary>
public class KeyTests
{
    private static string Keyed(string text, string key) => Wire.Ingest("t1", Wire.Chunk(text)) + $",\"key\":{Wire.Quote(key)}";

    [Test]
    public async Task A_repeat_changes_nothing_and_gets_the_first_answer()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var other = await TestClient.ConnectAsync(server);

        var first = await client.AckedAsync(Keyed("a", "k"));
        await client.IngestAsync("t1", Wire.Chunk("b"));
        var again = await client.AckedAsync(Keyed("a", "k"));
        var elsewhere = await other.AckedAsync(Keyed("a", "k"));
        // The order of the fields says nothing.
        var turned = await other.AckedAsync("\"key\":\"k\",\"updates\":[" + Wire.Chunk("a") + "],\"threadId\":\"t1\",\"provider\":\"host\",\"control\":\"tvx.ingest\"");

        await Assert.That(again.Text("cursor")).IsEqualTo(first.Text("cursor"));
        await Assert.That(elsewhere.Text("cursor")).IsEqualTo(first.Text("cursor"));
        await Assert.That(turned.Text("cursor")).IsEqualTo(first.Text("cursor"));
        await Assert.That((await client.RowsAsync("messages.list", "t1"))[0].Text("text")).IsEqualTo("ab");
        await Assert.That((await client.RowsAsync("events.list", "t1")).Length).IsEqualTo(2);
    }

    [Test]
    public async Task A_repeated_thread_is_made_once()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        const string create = "\"control\":\"tvx.create_thread\",\"title\":\"x\",\"key\":\"k\"";

        // All at once, so that some of them are written in one transaction.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.AckedAsync(create)));

        await Assert.That(answers.Select(answer => answer.Text("threadId")).Distinct().Count()).IsEqualTo(1);
        await Assert.That((await client.RowsAsync("threads.list")).Length).IsEqualTo(1);
    }

    [Test]
    public async Task The_same_key_with_something_else_is_a_conflict()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.AckedAsync(Keyed("a", "k"));

        await Assert.That(await client.RefusedAsync(Keyed("b", "k"))).IsEqualTo("conflict");
        await Assert.That(await client.RefusedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\",\"key\":\"k\"")).IsEqualTo("conflict");
        await Assert.That(await client.RefusedAsync("\"control\":\"tvx.create_thread\",\"key\":\"k\"")).IsEqualTo("conflict");

        await Assert.That((await client.RowsAsync("messages.list", "t1"))[0].Text("text")).IsEqualTo("a");
        await Assert.That((await client.RowsAsync("threads.list")).Length).IsEqualTo(1);
    }

    [Test]
    public async Task A_refused_write_is_not_remembered()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        const string finalize = "\"control\":\"tvx.finalize\",\"threadId\":\"t1\",\"key\":\"k\"";

        await Assert.That(await client.RefusedAsync(finalize)).IsEqualTo("not_found");
        await Assert.That(await client.RefusedAsync(Wire.Ingest("t1", "{}") + ",\"key\":\"k\"")).IsEqualTo("bad_request");
        await client.AckedAsync(Keyed("a", "k"));

        await Assert.That(await client.RefusedAsync(finalize)).IsEqualTo("conflict");
    }

    [Test]
    public async Task Keys_outlive_a_crash()
    {
        using var folder = new TempFolder();
        string cursor;
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(server);
            cursor = (await client.AckedAsync(Keyed("a", "k"))).Text("cursor");
            await server.KillAsync();
        }

        await using var again = await ServerProcess.StartAsync(folder["t.db"]);
        await using var later = await TestClient.ConnectAsync(again);
        await Assert.That((await later.AckedAsync(Keyed("a", "k"))).Text("cursor")).IsEqualTo(cursor);
        await Assert.That(await later.RefusedAsync(Keyed("b", "k"))).IsEqualTo("conflict");
        await Assert.That((await later.RowsAsync("messages.list", "t1")).Single().Text("text")).IsEqualTo("a");
    }
}
