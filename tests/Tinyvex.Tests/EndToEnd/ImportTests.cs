using System.Globalization;
using System.Text.Json;
using Tinyvex.Tests.Replaying;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Conversations from elsewhere: what they are, once and whole, whatever happens on the way.</summary>
public class ImportTests
{
    private static string Session(string name) => Path.Combine(Path.GetDirectoryName(Transcripts.Path(""))!, "sessions", name);

    [Test]
    public async Task A_session_of_Codex_becomes_a_thread()
    {
        using var folder = new TempFolder();
        await ImportAsync(folder, Session("codex.jsonl"));
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var thread = (await client.RowsAsync("threads.list"))[0];
        await Assert.That(thread.Text("id")).StartsWith("import-codex-");
        await Assert.That(thread.Text("source")).IsEqualTo("codex");
        await Assert.That("import-codex-" + thread.Text("resumeId")).IsEqualTo(thread.Text("id"));
        await Assert.That(thread.Text("workingDirectory")).IsEqualTo("/home/dev/project");
        await Assert.That(await ShownAsync(client)).IsEqualTo("""
            run completed end_turn
            user: MOCK: think=4;;say=Let me look. ;;plan=0;;shell=pwd && ls;;plan=1;;write=/home/dev/project/notes.txt;;edit=/home/dev/project/notes.txt;;read=/home/dev/project/notes.txt;;think=2;;text=12
            thought: thought0 thought1 thought2 thought3 
            assistant: Let me look.
            execute failed: pwd && ls
            edit failed: Edit files
            edit failed: Edit files
            execute failed: cat /home/dev/project/notes.txt
            thought: thought0 thought1 
            assistant: The0 quick brown fox **jumps**4 over `lazy()` dogs naïve8 日本 🦊 11.

            run completed end_turn
            user: MOCK: shell=false;;say=It failed as it should.
            execute failed: false
            assistant: It failed as it should.
            """);
        // It was then, and is found by its words.
        var begun = DateTimeOffset.FromUnixTimeMilliseconds(thread.Number("createdAt")).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        await Assert.That(begun).IsEqualTo("2026-11-27 13:50");
        await Assert.That((await client.RowsAsync("search", more: ",\"text\":\"quick brown\"")).Length).IsEqualTo(1);
        var diff = (await client.RowsAsync("tool_calls.list", thread.Text("id"))).Select(row => row.GetProperty("content").GetRawText()).First(content => content.Contains("\"diff\"", StringComparison.Ordinal));
        await Assert.That(diff).Contains("alpha");
    }

    [Test]
    public async Task A_session_of_Claude_Code_becomes_a_thread()
    {
        using var folder = new TempFolder();
        await ImportAsync(folder, Session("claude.jsonl"));
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var thread = (await client.RowsAsync("threads.list"))[0];
        await Assert.That(thread.Text("id")).IsEqualTo("import-claude-b38128d2-b386-427a-aec3-9e304240c2b0");
        await Assert.That(thread.Text("resumeId")).IsEqualTo("b38128d2-b386-427a-aec3-9e304240c2b0");
        await Assert.That(await ShownAsync(client)).IsEqualTo("""
            run completed end_turn
            user: MOCK: think=4;;say=Let me look. ;;plan=0;;shell=pwd && ls;;plan=1;;write=/home/dev/project/notes.txt;;edit=/home/dev/project/notes.txt;;read=/home/dev/project/notes.txt;;think=2;;text=12
            thought: thought0 thought1 thought2 thought3 
            assistant: Let me look.
            other completed: TaskCreate
            execute completed: pwd && ls
            other completed: TaskCreate
            edit completed: Write /home/dev/project/notes.txt
            edit completed: Edit /home/dev/project/notes.txt
            read completed: Read /home/dev/project/notes.txt
            thought: thought0 thought1 
            assistant: The0 quick brown fox **jumps**4 over `lazy()` dogs naïve8 日本 🦊 11.

            run completed end_turn
            user: MOCK: shell=false;;say=It failed as it should.
            execute failed: false
            assistant: It failed as it should.
            """);
    }

    [Test]
    [Arguments("codex.jsonl")]
    [Arguments("claude.jsonl")]
    [Arguments("codex-acp-full.jsonl")]
    public async Task A_file_that_grows_is_added_to_and_the_same_one_changes_nothing(string name)
    {
        using var folder = new TempFolder();
        var path = File.Exists(Session(name)) ? Session(name) : Transcripts.Path(name);
        var lines = await File.ReadAllLinesAsync(path);
        await ImportAsync(folder, path, "whole.db");
        // Cut anywhere, the open turn is closed, and goes on when the file does.
        foreach (var part in (double[])[0.3, 0.31, 0.7, 1])
        {
            await File.WriteAllLinesAsync(folder[name], lines[..(int)(lines.Length * part)]);
            await ImportAsync(folder, folder[name]);
        }

        await Assert.That(await ImportAsync(folder, folder[name])).Contains("already there").And.DoesNotContain("added");
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var whole = await ServerProcess.StartAsync(folder["whole.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await using var other = await TestClient.ConnectAsync(whole);
        await Assert.That((await client.RowsAsync("threads.list")).Length).IsEqualTo(1);
        // A message that was cut stays in two pieces; all else is as if it had come at once.
        await Assert.That((await ShownAsync(client)).Replace("\nassistant: ", "", StringComparison.Ordinal).Replace("\nthought: ", "", StringComparison.Ordinal))
            .IsEqualTo((await ShownAsync(other)).Replace("\nassistant: ", "", StringComparison.Ordinal).Replace("\nthought: ", "", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_file_that_was_rewritten_is_left_alone()
    {
        using var folder = new TempFolder();
        var lines = await File.ReadAllLinesAsync(Session("claude.jsonl"));
        await ImportAsync(folder, Session("claude.jsonl"));
        foreach (var changed in (string[][])[lines[..10], [.. lines[..^1].Select(line => line.Replace("It failed as it should", "It worked", StringComparison.Ordinal)), lines[^1]]])
        {
            await File.WriteAllLinesAsync(folder["changed.jsonl"], changed);
            var (exitCode, output, _) = await ServerProcess.RunAsync(["import", folder["changed.jsonl"], "--db", folder["t.db"]]);
            await Assert.That(exitCode).IsEqualTo(1);
            await Assert.That(output).Contains("no longer begins with");
        }

        await Assert.That(await ImportAsync(folder, Session("claude.jsonl"))).Contains("already there");
    }

    [Test]
    public async Task An_import_that_was_killed_goes_on_where_it_was()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        const int turns = 5_000;
        await using (var file = new StreamWriter(folder["long.jsonl"]))
        {
            for (var i = 0; i < turns; i++)
            {
                await file.WriteLineAsync($$$"""{"type":"user","sessionId":"s","cwd":"/w","timestamp":"2026-01-01T00:00:00Z","message":{"role":"user","content":"prompt {{{i}}}"}}""");
                await file.WriteLineAsync($$$"""{"type":"assistant","sessionId":"s","timestamp":"2026-01-01T00:00:01Z","message":{"role":"assistant","stop_reason":"end_turn","content":[{"type":"text","text":"answer {{{i}}}"}]}}""");
            }
        }

        await using (var import = RunProcess.Start(["import", folder["long.jsonl"], "--db", folder["t.db"]]))
        {
            await client.SubscribeAsync("threads");
            await client.NextAsync(frame => frame.GetProperty("type").ValueEquals("tinyvex.update"));
        }

        var (exitCode, output, errors) = await ServerProcess.RunAsync(["import", folder["long.jsonl"], "--json", "--db", folder["t.db"]]);
        await Assert.That(exitCode).IsEqualTo(0).Because(output + errors);
        using var summary = JsonDocument.Parse(output);
        // The first one was killed somewhere in its middle; a machine may be so fast that it was at its end.
        await Assert.That(summary.RootElement.Text("state")).IsNotEqualTo("imported");
        await Assert.That(summary.RootElement.Number("entries")).IsLessThan(turns * 4 - 1000);
        await Assert.That((await client.RowsAsync("threads.get", "import-claude-s"))[0].Number("messageCount")).IsEqualTo(turns * 2);
        var last = (await client.RowsAsync("messages.list", "import-claude-s")).Select(row => row.Text("text"));
        await Assert.That(last.Lines()).IsEqualTo(Enumerable.Range(turns - 500, 500).SelectMany(i => (string[])[$"prompt {i}", $"answer {i}"]).Lines());
        await Assert.That((await client.RowsAsync("runs.list", "import-claude-s")).All(row => row.Text("status") == "completed")).IsTrue();
    }

    [Test]
    public async Task Threads_of_a_database_of_the_original_come_into_a_store_that_is_there()
    {
        using var folder = new TempFolder();
        OriginalFile.Make(folder["original.sqlite"]);
        var before = OriginalFile.Dump(folder["original.sqlite"]);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("mine", Wire.Chunk("Mine"));
        await ImportAsync(folder, folder["original.sqlite"]);
        await Assert.That(await ImportAsync(folder, folder["original.sqlite"])).Contains("already there").And.Contains("Imported 0 threads");
        var threads = await client.RowsAsync("threads.list", more: ",\"archived\":\"all\"");
        await Assert.That(threads.Select(row => row.Text("id")).Order(StringComparer.Ordinal).Lines()).IsEqualTo("mine\nonly-messages\nonly-tools\nt1\nt2");
        await Assert.That(threads.Single(row => row.Text("id") == "t1").Number("createdAt")).IsEqualTo(1000);
        await Assert.That((await client.RowsAsync("messages.list", "t1")).Select(row => $"{row.GetProperty("role")} {row.Text("kind")} {row.Text("text")}").Lines()).IsEqualTo("""
            user message Hi
             reason Thinking
             reason Thinking
            assistant message Grüße 🌍
            """);
        await Assert.That((await client.RowsAsync("plan.get", "t1"))[0].GetProperty("entries")[0].Text("content")).IsEqualTo("Do it");
        await Assert.That(OriginalFile.Dump(folder["original.sqlite"])).IsEqualTo(before);
    }

    [Test]
    public async Task Messages_as_they_are_on_the_wire_are_a_recording_too()
    {
        using var folder = new TempFolder();
        // Both sides count their requests from 0, and nothing says who wrote a line.
        await File.WriteAllTextAsync(folder["wire.jsonl"], """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":1}}
            {"jsonrpc":"2.0","id":0,"result":{"protocolVersion":1,"agentInfo":{"name":"@scope/some-agent","version":"1"}}}
            {"jsonrpc":"2.0","id":1,"method":"session/new","params":{"cwd":"/w","mcpServers":[]}}
            {"jsonrpc":"2.0","id":1,"result":{"sessionId":"s"}}
            {"jsonrpc":"2.0","id":2,"method":"session/prompt","params":{"sessionId":"s","prompt":[{"type":"text","text":"Hi"}]}}
            {"jsonrpc":"2.0","id":2,"method":"session/request_permission","params":{"sessionId":"s","toolCall":{"toolCallId":"c","title":"Write"},"options":[{"optionId":"y","name":"Yes","kind":"allow_once"}]}}
            {"jsonrpc":"2.0","id":2,"result":{"outcome":{"outcome":"selected","optionId":"y"}}}
            {"jsonrpc":"2.0","id":3,"method":"elicitation/create","params":{"sessionId":"s","mode":"form","message":"Which?","requestedSchema":{"type":"object","properties":{"a":{"type":"string"}}}}}
            {"jsonrpc":"2.0","id":3,"result":{"action":"accept","content":{"a":"this"}}}
            {"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"Hello"}}}}
            {"jsonrpc":"2.0","id":2,"error":{"code":-32000,"message":"no more"}}
            {"jsonrpc":"2.0","id":3,"method":"session/prompt","params":{"sessionId":"s","prompt":[{"type":"text","text":"And?"}]}}

            """);
        await ImportAsync(folder, folder["wire.jsonl"]);
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await Assert.That(await ShownAsync(client)).IsEqualTo("""
            run failed no more
            user: Hi
             pending: Write
            permission answered y
            elicitation answered {"action":"accept","content":{"a":"this"}}
            assistant: Hello
            run failed what was imported ends in the middle of the turn
            user: And?
            """.Replace("\n pending", "\nother pending", StringComparison.Ordinal));
        await Assert.That((await client.RowsAsync("threads.list"))[0].Text("source")).IsEqualTo("some-agent");
    }

    [Test]
    public async Task Bad_lines_are_passed_over_and_told()
    {
        using var folder = new TempFolder();
        var lines = (await File.ReadAllLinesAsync(Session("claude.jsonl"))).ToList();
        lines.Insert(5, "{\"cut\":");
        lines.Insert(7, "[1]");
        lines.Insert(9, """{"type":"user","sessionId":"s","message":{"role":"user","content":"\ud800"}}""");
        await File.WriteAllLinesAsync(folder["bad.jsonl"], lines);
        var (exitCode, _, errors) = await ServerProcess.RunAsync(["import", folder["bad.jsonl"], "--db", folder["t.db"]]);
        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(errors).Contains("3 lines skipped").And.Contains("line 6 is not JSON").And.Contains("line 8 is not a JSON object").And.Contains("line 10 has a string");
        // It is the same as without them.
        await Assert.That(await ImportAsync(folder, Session("claude.jsonl"))).Contains("already there");

        await File.WriteAllTextAsync(folder["nothing.jsonl"], "{\"jsonrpc\":\"2.0\"}\n{\"jsonrpc\":\"2.0\",\"id\":4,\"resu");
        await File.WriteAllTextAsync(folder["other.txt"], "Dear diary");
        foreach (var file in (string[])["nothing.jsonl", "other.txt"]) await Assert.That((await ServerProcess.RunAsync(["import", folder[file], "--db", folder["t.db"]])).ExitCode).IsEqualTo(1);
        await Assert.That((await ServerProcess.RunAsync(["import", folder["no such file"], "--db", folder["t.db"]])).ExitCode).IsEqualTo(2);
    }

    [Test]
    public async Task A_dry_run_writes_nothing_and_says_what_would_come()
    {
        using var folder = new TempFolder();
        var said = await ImportAsync(folder, Session("codex.jsonl"), "t.db", "--dry-run");
        await Assert.That(said).Contains("would import");
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await Assert.That(await client.RowsAsync("threads.list")).IsEmpty();
    }

    [Test]
    public async Task It_comes_through_stdin_and_leaves_a_thread_of_the_same_name_alone()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("one", Wire.Chunk("One"));
        var file = (await ServerProcess.RunAsync(["export", "one", "--format", "json", "--db", folder["t.db"]])).Output;
        var same = await ServerProcess.RunAsync(["import", "-", "--db", folder["t.db"]], input: file);
        await Assert.That(same.ExitCode).IsEqualTo(0).Because(same.Errors);
        await Assert.That(same.Output).Contains("is no import");
        var other = await ServerProcess.RunAsync(["import", "-", "--db", folder["b.db"]], input: file);
        await Assert.That(other.Output).Contains("stdin: Tinyvex export, thread one: imported");
    }

    [Test]
    public async Task A_part_is_taken_once_and_only_where_it_follows()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        const string import = "\"control\":\"tvx.import\",\"threadId\":\"t\"";
        var first = $"{import},\"position\":\"1\",\"entries\":[{{\"ts\":1000,\"update\":{Wire.Chunk("One")}}}]";
        await client.AckedAsync(import);
        await Assert.That(await client.RowsAsync("threads.list")).IsEmpty();
        await client.AckedAsync(first);
        var again = await client.RequestAsync(first);
        await Assert.That(again.Text("code")).IsEqualTo("conflict");
        await Assert.That(again.GetProperty("data").Text("position")).IsEqualTo("1");
        await client.AckedAsync($"{import},\"after\":\"1\",\"position\":\"2\",\"entries\":[{{\"update\":{Wire.Chunk(" more")}}},{{\"finalize\":true}}]");
        await Assert.That((await client.RowsAsync("messages.list", "t"))[0].Text("text")).IsEqualTo("One more");
        await Assert.That((await client.RowsAsync("threads.get", "t"))[0].Number("updatedAt")).IsEqualTo(1000);

        // One that is deleted can come anew; one that is no import stays what it is.
        await client.AckedAsync("\"control\":\"tvx.delete_thread\",\"threadId\":\"t\"");
        await client.AckedAsync(first);
        await client.IngestAsync("mine", Wire.Chunk("Mine"));
        await Assert.That((await client.RequestAsync(first.Replace("\"t\"", "\"mine\"", StringComparison.Ordinal))).GetProperty("data").GetProperty("position").ValueKind).IsEqualTo(JsonValueKind.Null);
        await Assert.That((await client.RequestAsync($"{import},\"after\":\"1\",\"position\":\"2\",\"entries\":[{{\"begin\":{{\"runId\":\"r\"}}}}]")).Text("code")).IsEqualTo("bad_request");
        await Assert.That((await client.RequestAsync($"{import},\"after\":\"1\",\"entries\":[{{\"finalize\":true}}]")).Text("code")).IsEqualTo("bad_request");
    }

    private static async Task<string> ImportAsync(TempFolder folder, string file, string database = "t.db", params string[] more)
    {
        var (exitCode, output, errors) = await ServerProcess.RunAsync(["import", file, "--db", folder[database], .. more]);
        await Assert.That(exitCode).IsEqualTo(0).Because(output + errors);
        await Assert.That(errors).IsEqualTo("");
        return output;
    }

    /// <summary>What the only thread shows, a line for each entry.</summary>
    private static async Task<string> ShownAsync(TestClient client)
    {
        var thread = (await client.RowsAsync("threads.list"))[0].Text("id");
        var entries = (await client.RowsAsync("timeline.list", thread)).Select(entry => (entry.GetProperty("row").Number("order"), Shown(entry.Text("kind"), entry.GetProperty("row"))));
        var asked = (await client.RowsAsync("permissions.list", thread)).Select(row => (row.Number("order"), $"permission {row.Text("status")} {row.GetProperty("outcome").Text("optionId")}"));
        var questions = (await client.RowsAsync("elicitations.list", thread)).Select(row => (row.Number("order"), $"elicitation {row.Text("status")} {row.GetProperty("outcome").GetRawText()}"));
        return entries.Concat(asked).Concat(questions).OrderBy(line => line.Item1).Select(line => line.Item2).Lines();
    }

    private static string Shown(string kind, JsonElement row) => kind switch
    {
        "message" => $"{(row.Text("kind") == "reason" ? "thought" : row.Text("role"))}: {row.Text("text")}",
        "tool_call" => $"{row.Text("kind")} {row.Text("status")}: {row.Text("title")}",
        _ => $"run {row.Text("status")} {(row.GetProperty("error").ValueKind == JsonValueKind.Object ? row.GetProperty("error").Text("message") : row.Text("stopReason"))}",
    };
}
