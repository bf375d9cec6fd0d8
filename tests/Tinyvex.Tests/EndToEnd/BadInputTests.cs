using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Requests with something wrong in them: the error says what, nothing changes, and the connection goes on.</summary>
public class BadInputTests
{
    private const string T = "\"threadId\":\"t1\"";
    private const string Query = "\"control\":\"tvx.query\",\"name\":";
    private const string Chunk = "{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}";

    private static readonly string[] Bad =
    [
        // Queries.
        "\"control\":\"tvx.query\"", Query + "7", Query + "\"threads.list\",\"args\":[]", Query + "\"threads.list\",\"args\":\"x\"",
        Query + "\"threads.list\",\"args\":{\"archived\":\"yes\"}", Query + "\"threads.list\",\"args\":{\"archived\":1}",
        Query + "\"threads.list\",\"args\":{\"archived\":\"\\ud800\"}", Query + "\"threads.list\",\"args\":{\"page\":7}",
        Query + "\"threads.list\",\"args\":{\"page\":\"x\"}", Query + "\"threads.list\",\"args\":{\"page\":\"!!\"}",
        Query + "\"threads.list\",\"args\":{\"page\":\"\"}", Query + "\"messages.list\",\"args\":{\"threadId\":\"t1\",\"page\":\"AAAA\"}",
        Query + "\"tool_calls.list\",\"args\":{\"threadId\":\"t1\",\"page\":\"dG9vbF9jYWxscy5saXN0CjEKeA\"}",
        Query + "\"threads.get\"", Query + "\"messages.list\"", Query + "\"messages.get\",\"args\":{" + T + "}",
        Query + "\"messages.get\",\"args\":{\"itemId\":\"x\"}", Query + "\"tool_calls.list\"", Query + "\"tool_calls.get\",\"args\":{" + T + "}",
        Query + "\"timeline.list\",\"args\":{}", Query + "\"plan.get\"", Query + "\"state.get\"", Query + "\"events.list\"",
        Query + "\"events.list\",\"args\":{" + T + ",\"since\":\"x\"}", Query + "\"events.list\",\"args\":{" + T + ",\"since\":1}",
        Query + "\"permissions.list\",\"args\":{\"status\":\"x\"}", Query + "\"runs.list\",\"args\":{\"threadId\":7}",
        // Subscriptions.
        "\"control\":\"tvx.subscribe\"", "\"control\":\"tvx.subscribe\",\"stream\":7", "\"control\":\"tvx.subscribe\",\"stream\":\"messages\"",
        "\"control\":\"tvx.subscribe\",\"stream\":\"thread\",\"threadId\":7", "\"control\":\"tvx.subscribe\",\"stream\":\"threads\",\"limit\":0",
        "\"control\":\"tvx.subscribe\",\"stream\":\"threads\",\"since\":7", "\"control\":\"tvx.unsubscribe\"",
        "\"control\":\"tvx.unsubscribe\",\"stream\":\"plan\"",
        // Writes.
        "\"control\":\"tvx.ingest\"", "\"control\":\"tvx.ingest\"," + T, "\"control\":\"tvx.ingest\",\"update\":" + Chunk,
        "\"control\":\"tvx.ingest\"," + T + ",\"update\":" + Chunk + ",\"updates\":[]", "\"control\":\"tvx.ingest\"," + T + ",\"update\":[]",
        "\"control\":\"tvx.ingest\"," + T + ",\"updates\":" + Chunk, "\"control\":\"tvx.ingest\"," + T + ",\"updates\":[7]",
        "\"control\":\"tvx.ingest\"," + T + ",\"update\":{}", "\"control\":\"tvx.ingest\"," + T + ",\"update\":{\"sessionUpdate\":7}",
        "\"control\":\"tvx.ingest\"," + T + ",\"provider\":7,\"update\":" + Chunk, "\"control\":\"tvx.ingest\"," + T + ",\"key\":7,\"update\":" + Chunk,
        "\"control\":\"tvx.ingest\"," + T + ",\"key\":\"\",\"update\":" + Chunk, "\"control\":\"tvx.finalize\"",
        "\"control\":\"tvx.finalize\"," + T + ",\"kind\":\"x\"", "\"control\":\"tvx.create_thread\",\"title\":7",
        "\"control\":\"tvx.create_thread\",\"title\":\"\\ud800\"", "\"control\":\"tvx.create_thread\",\"workingDirectory\":\"relative\"",
        "\"control\":\"tvx.create_thread\",\"workingDirectory\":\"/a\\u0000b\"", "\"control\":\"tvx.create_thread\",\"agent\":7",
        "\"control\":\"tvx.update_thread\"," + T, "\"control\":\"tvx.update_thread\"," + T + ",\"updates\":{}",
        "\"control\":\"tvx.update_thread\"," + T + ",\"updates\":[]", "\"control\":\"tvx.update_thread\"," + T + ",\"updates\":{\"title\":7}",
        "\"control\":\"tvx.update_thread\"," + T + ",\"updates\":{\"archived\":\"yes\"}", "\"control\":\"tvx.update_thread\"," + T + ",\"updates\":{\"archived\":null}",
        "\"control\":\"tvx.update_thread\"," + T + ",\"updates\":{\"nothing\":1}", "\"control\":\"tvx.update_thread\"," + T + ",\"updates\":{\"id\":\"t2\"}",
        "\"control\":\"tvx.update_thread\",\"updates\":{\"title\":\"x\"}", "\"control\":\"tvx.delete_thread\"", "\"control\":\"tvx.delete_thread\",\"threadId\":7",
        "\"control\":\"run.submit\"," + T, "\"control\":\"run.submit\"," + T + ",\"text\":7", "\"control\":\"run.submit\"," + T + ",\"prompt\":[]",
        "\"control\":\"run.cancel\"", "\"control\":\"permission.respond\"", "\"control\":\"permission.respond\",\"requestId\":\"r\"",
        "\"control\":\"permission.respond\",\"requestId\":\"r\",\"optionId\":7", "\"control\":\"permission.respond\",\"optionId\":\"o\"",
        // Ids.
        Query + "\"threads.get\",\"args\":{\"threadId\":\"\"}", Query + "\"threads.get\",\"args\":{\"threadId\":\"a\\u0000b\"}",
        Query + "\"threads.get\",\"args\":{\"threadId\":\"\\ud800\"}", Query + "\"threads.get\",\"args\":{\"threadId\":\"a\\udc00\\ud800\"}",
    ];

    [Test]
    public async Task A_missing_or_wrong_field_is_bad_request()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("t1", Wire.Chunk("here before"));
        var before = (await client.RowsAsync("threads.list"))[0].GetRawText();

        foreach (var fields in Bad) await Assert.That(await client.RefusedAsync(fields)).IsEqualTo("bad_request").Because(fields);
        foreach (var limit in (string[])["0", "-1", "1.5", "0.999", "\"5\"", "true", "[]", "-1e400"])
        {
            await Assert.That(await client.RefusedAsync($"{Query}\"threads.list\",\"args\":{{\"limit\":{limit}}}")).IsEqualTo("bad_request").Because(limit);
        }

        foreach (var limit in (string[])["1", "1000", "1001", "1e400", "99999999999999999999", "null", "5.0"])
        {
            await Assert.That((await client.QueryAsync("threads.list", "\"limit\":" + limit)).GetProperty("rows").GetArrayLength()).IsEqualTo(1).Because(limit);
        }

        await Assert.That((await client.RowsAsync("threads.list")).Single().GetRawText()).IsEqualTo(before);
        await Assert.That((await client.RowsAsync("events.list", "t1")).Length).IsEqualTo(1);
        await Assert.That(server.Errors).DoesNotContain("failed");
    }

    [Test]
    public async Task What_is_not_known_is_named_as_such()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        foreach (var control in (string[])["x", "tvx", "session.set"])
        {
            await Assert.That(await client.RefusedAsync($"\"control\":\"{control}\"")).IsEqualTo("unknown_control").Because(control);
        }

        foreach (var name in (string[])["", "x", "Search", "threads", "Threads.list"])
        {
            await Assert.That(await client.RefusedAsync($"{Query}\"{name}\"")).IsEqualTo("unknown_query").Because(name);
        }

        foreach (var control in (string[])["tvx.subscribe", "tvx.unsubscribe"])
        {
            foreach (var stream in (string[])["", "x", "terminal", "Messages"])
            {
                await Assert.That(await client.RefusedAsync($"\"control\":\"{control}\",\"stream\":\"{stream}\",{T}")).IsEqualTo("unknown_stream").Because(stream);
            }
        }

        foreach (var control in (string[])["tvx.finalize", "tvx.delete_thread", "run.cancel"])
        {
            await Assert.That(await client.RefusedAsync($"\"control\":\"{control}\",{T}")).IsEqualTo("not_found").Because(control);
        }

        await Assert.That(await client.RefusedAsync($"\"control\":\"tvx.update_thread\",{T},\"updates\":{{\"title\":\"x\"}}")).IsEqualTo("not_found");
        await Assert.That(await client.RefusedAsync($"\"control\":\"tvx.update_thread\",{T},\"updates\":{{\"policy\":{{}}}}")).IsEqualTo("bad_request");
        await Assert.That(await client.RowsAsync("threads.list")).IsEmpty();
    }

    [Test]
    [Arguments("\"control\":\"session.set_mode\",\"threadId\":\"t\"", "bad_request")]
    [Arguments("\"control\":\"session.set_mode\",\"threadId\":\"t\",\"modeId\":7", "bad_request")]
    [Arguments("\"control\":\"session.set_mode\",\"threadId\":\"t\",\"modeId\":\"m\",\"_meta\":1", "bad_request")]
    [Arguments("\"control\":\"session.set_mode\",\"threadId\":\"t\",\"modeId\":\"m\"", "not_found")]
    [Arguments("\"control\":\"session.set_config_option\",\"threadId\":\"t\",\"configId\":\"c\"", "bad_request")]
    [Arguments("\"control\":\"session.set_config_option\",\"threadId\":\"t\",\"configId\":\"c\",\"value\":true", "not_found")]
    [Arguments("\"control\":\"session.close\"", "bad_request")]
    [Arguments("\"control\":\"session.close\",\"threadId\":\"t\"", "not_found")]
    [Arguments("\"control\":\"agent.authenticate\",\"agent\":\"replay\"", "bad_request")]
    [Arguments("\"control\":\"agent.authenticate\",\"agent\":\"x\",\"methodId\":\"m\"", "agent_unavailable")]
    [Arguments("\"control\":\"tvx.query\",\"name\":\"sessions.list\",\"args\":[]", "bad_request")]
    [Arguments("\"control\":\"tvx.query\",\"name\":\"sessions.list\",\"args\":{\"agent\":\"x\"}", "agent_unavailable")]
    [Arguments("\"control\":\"tvx.create_thread\",\"sessionId\":\"s\",\"agent\":\"x\"", "agent_unavailable")]
    [Arguments("\"control\":\"tvx.create_thread\",\"sessionId\":\"\"", "bad_request")]
    public async Task What_an_agent_cannot_be_asked_is_refused_before_it_is_started(string request, string code)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await Assert.That(await client.RefusedAsync(request)).IsEqualTo(code);
        await Assert.That((await client.RowsAsync("server.info"))[0].GetProperty("agents").GetInt32()).IsEqualTo(0);
    }

    [Test]
    public async Task An_id_may_hold_anything_but_must_not_be_too_long()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        string[] ids =
        [
            "quote\"s and 'these' and \\", "😀 emoji 👨‍👩‍👧", "new\nline\ttab", "../../etc/passwd", "'; DROP TABLE threads; --", "%_*?", " ", "null", "ünïcödé", "e\u0301",
            new string('x', 1024), new string('ä', 512),
        ];
        foreach (var id in ids)
        {
            await client.IngestAsync(id, Wire.Chunk("x"));
            await Assert.That((await client.RowsAsync("threads.get", id))[0].Text("id")).IsEqualTo(id);
            await Assert.That((await client.RowsAsync("messages.list", id))[0].Text("threadId")).IsEqualTo(id);
        }

        foreach (var id in (string[])[new string('x', 1025), new string('ä', 513), new string('x', 10_240)])
        {
            await Assert.That(await client.RefusedAsync(Wire.Ingest(id, Wire.Chunk("x")))).IsEqualTo("too_large");
            await Assert.That(await client.RefusedAsync(Query + $"\"threads.get\",\"args\":{{\"threadId\":\"{id}\"}}")).IsEqualTo("too_large");
            await Assert.That(await client.RefusedAsync($"\"control\":\"tvx.subscribe\",\"stream\":\"plan\",\"threadId\":\"{id}\"")).IsEqualTo("too_large");
            await Assert.That(await client.RefusedAsync(Wire.Ingest("t1", Wire.Chunk("x")) + $",\"key\":\"{id}\"")).IsEqualTo("too_large");
        }

        await Assert.That(await client.RefusedAsync($"\"control\":\"tvx.create_thread\",\"title\":\"{new string('x', 65_537)}\"")).IsEqualTo("too_large");
        await Assert.That((await client.RowsAsync("threads.list")).Length).IsEqualTo(ids.Length);
    }

    [Test]
    public async Task Both_spellings_of_a_thread_id_are_taken()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);

        await client.AckedAsync($"\"control\":\"tvx.ingest\",\"thread_id\":\"t1\",\"provider\":\"host\",\"update\":{Chunk}");
        var rows = await client.QueryAsync("messages.list", "\"thread_id\":\"t1\"");
        var snapshot = await client.RequestAsync("\"control\":\"tvx.subscribe\",\"stream\":\"messages\",\"thread_id\":\"t1\"");

        await Assert.That(rows.GetProperty("rows").GetArrayLength()).IsEqualTo(1);
        await Assert.That(snapshot.Text("threadId")).IsEqualTo("t1");
    }
}
