using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Searching over the wire and from the terminal.</summary>
public class SearchVerbTests
{
    [Test]
    public async Task Clients_find_what_was_said()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("Where is the lock?", "user_message_chunk"), Wire.Chunk("In the database.", "agent_thought_chunk"), Wire.Chunk("锁在数据库里。"));
        await client.AckedAsync("\"control\":\"tvx.finalize\",\"threadId\":\"t1\"");
        await client.IngestAsync("t2", Wire.Chunk("A lock of another thread", "user_message_chunk"), Wire.Chunk("open lock"));
        await client.AckedAsync("\"control\":\"tvx.update_thread\",\"threadId\":\"t2\",\"updates\":{\"archived\":true}");

        var reply = await client.QueryAsync("search", "\"text\":\"LOCK\"");
        await Assert.That(reply.GetProperty("rows").EnumerateArray().Select(row => row.Text("snippet")).Order().Lines()).IsEqualTo("A lock of another thread\nWhere is the lock?");
        await Assert.That(reply.GetProperty("nextPage").ValueKind).IsEqualTo(JsonValueKind.Null);
        var row = (await client.QueryAsync("search", "\"text\":\"lock\",\"threadId\":\"t1\"")).GetProperty("rows")[0];
        await Assert.That(row.EnumerateObject().Select(field => field.Name).Lines()).IsEqualTo("threadId\nitemId\norder\nrole\nkind\nsnippet\nhighlights\nrank\nts");
        var chinese = (await client.QueryAsync("search", "\"text\":\"数据库\"")).GetProperty("rows");
        await Assert.That(chinese[0].Text("snippet")).IsEqualTo("锁在数据库里。");
        await Assert.That(chinese[0].GetProperty("highlights").GetRawText()).IsEqualTo("[[2,3]]");

        var next = (await client.QueryAsync("search", "\"text\":\"lock\",\"limit\":1")).Text("nextPage");
        await Assert.That((await client.QueryAsync("search", $"\"text\":\"lock\",\"limit\":1,\"page\":\"{next}\"")).GetProperty("rows").GetArrayLength()).IsEqualTo(1);
        await client.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"t1\"");
        await Assert.That((await client.QueryAsync("search", "\"text\":\"数据库\"")).GetProperty("rows").GetArrayLength()).IsEqualTo(0);

        async Task<string> RefusedAsync(string args) => await client.RefusedAsync($"\"control\":\"tvx.query\",\"name\":\"search\",\"args\":{{{args}}}");
        await Assert.That(await RefusedAsync("")).IsEqualTo("bad_request");
        await Assert.That(await RefusedAsync("\"text\":7")).IsEqualTo("bad_request");
        await Assert.That(await RefusedAsync("\"text\":\"?!\"")).IsEqualTo("bad_request");
        await Assert.That(await RefusedAsync("\"text\":\"a\",\"page\":\"x\"")).IsEqualTo("bad_request");
        await Assert.That(await RefusedAsync($"\"text\":\"{new string('x', 1025)}\"")).IsEqualTo("too_large");
    }

    [Test]
    [Arguments(true)]
    [Arguments(false)]
    public async Task It_is_shown_with_its_thread(bool serverRuns)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using (var client = await TestClient.ConnectAsync(server))
        {
            foreach (var thread in (string[])["first-thread", "second-thread"])
            {
                await client.IngestAsync(thread, Wire.Chunk($"Title of {thread}", "user_message_chunk"), Wire.Chunk("A lock\n\e[31mis held"));
                await client.AckedAsync($"\"control\":\"tvx.finalize\",\"threadId\":\"{thread}\"");
            }
        }

        if (!serverRuns) await server.StopAsync();
        var (exitCode, output, error) = await ServerProcess.RunAsync(["search", "held", "lock", "--db", folder["t.db"]]);
        await Assert.That(exitCode).IsEqualTo(0).Because(error);
        await Assert.That(output).IsEqualTo("""
            second-thread  Title of second-thread  assistant, now
              A lock ␛[31mis held

            first-thread  Title of first-thread  assistant, now
              A lock ␛[31mis held

            """);
        await Assert.That((await ServerProcess.RunAsync(["search", "\"lock held\"", "--db", folder["t.db"]])).Output).IsEqualTo("Nothing was found.\n");
        var json = (await ServerProcess.RunAsync(["search", "lock", "--thread", "first", "--json", "--db", folder["t.db"]])).Output;
        await Assert.That(JsonDocument.Parse(json).RootElement.Text("threadId")).IsEqualTo("first-thread");
        await Assert.That((await ServerProcess.RunAsync(["search", "lock", "--limit", "1", "--json", "--db", folder["t.db"]])).Output.TrimEnd().Split('\n').Length).IsEqualTo(1);
        await Assert.That((await ServerProcess.RunAsync(["search", "?", "--db", folder["t.db"]])).Errors).Contains("no letter or digit");
    }

    [Test]
    public async Task Without_a_database_nothing_is_found_and_nothing_is_made()
    {
        using var folder = new TempFolder();
        var found = await ServerProcess.RunAsync(["search", "x", "--db", folder["new/t.db"]]);
        await Assert.That(found.Output).IsEqualTo("Nothing was found.\n");
        await Assert.That(Directory.GetFileSystemEntries(folder.Path)).IsEmpty();
    }
}
