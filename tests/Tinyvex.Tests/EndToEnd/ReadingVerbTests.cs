using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Threads and conversations from the terminal, with a running server and without one.</summary>
public class ReadingVerbTests
{
    [Test]
    public async Task Without_a_database_there_is_nothing_and_nothing_is_made()
    {
        using var folder = new TempFolder();
        var threads = await ServerProcess.RunAsync(["threads", "--db", folder["new/t.db"]]);
        await Assert.That(threads.ExitCode).IsEqualTo(0);
        await Assert.That(threads.Output).Contains("There is no thread yet");
        await Assert.That((await ServerProcess.RunAsync(["threads", "--db", folder["new/t.db"], "--json"])).Output).IsEqualTo("");
        await Assert.That((await ServerProcess.RunAsync(["show", "last", "--db", folder["new/t.db"]])).ExitCode).IsEqualTo(1);
        await Assert.That(Directory.GetFileSystemEntries(folder.Path)).IsEmpty();
    }

    [Test]
    [Arguments(true)]
    [Arguments(false)]
    public async Task Threads_are_listed_newest_first(bool serverRuns)
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using (var client = await TestClient.ConnectAsync(server))
        {
            await IngestAsync("a-first-one", "First");
            await IngestAsync("an-archived-one", "Away \e[31m");
            await client.AckedAsync("\"control\":\"tvx.update_thread\",\"threadId\":\"an-archived-one\",\"updates\":{\"archived\":true}");
            await IngestAsync("the-new-one", "日本語 " + new string('x', 60));

            // Written in one millisecond they are listed by their ids. Final, so that the end of the server changes no thread.
            async Task IngestAsync(string thread, string text)
            {
                await client.IngestAsync(thread, Wire.Chunk(text, "user_message_chunk"));
                await client.AckedAsync($"\"control\":\"tvx.finalize\",\"threadId\":\"{thread}\"");
            }
        }

        if (!serverRuns) await server.StopAsync();
        var shown = (await ServerProcess.RunAsync(["threads", "--db", folder["t.db"]])).Output.TrimEnd().Split('\n');
        await Assert.That(shown.Length).IsEqualTo(3);
        await Assert.That(shown[0]).Contains("TITLE").And.Contains("MESSAGES");
        await Assert.That(shown[1]).StartsWith("the-new-").And.Contains("日本語 xxx").And.EndsWith("now").And.DoesNotContain("…");
        await Assert.That(shown[2]).Contains("First").And.Contains("host");

        var all = (await ServerProcess.RunAsync(["threads", "--archived", "--db", folder["t.db"]])).Output;
        await Assert.That(all).Contains("␛[31m (archived)").And.DoesNotContain("\e");
        var json = (await ServerProcess.RunAsync(["threads", "--archived", "--limit", "2", "--json", "--db", folder["t.db"]])).Output.TrimEnd().Split('\n');
        await Assert.That(json.Select(line => JsonDocument.Parse(line).RootElement.Text("id")).Lines()).IsEqualTo("the-new-one\nan-archived-one");
        // A server of its own has ended with the command.
        if (!serverRuns) await Assert.That(File.Exists(folder["t.db-server.json"])).IsFalse();
    }

    [Test]
    public async Task A_conversation_is_shown_whole_and_in_order()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        var large = new string('ä', 300 * 1024);
        // More than a page of them, each of its own by the change of the kind.
        for (var i = 0; i < 450; i++) await client.IngestAsync("the-thread", Wire.Chunk($"part {i}.", i % 2 == 0 ? "agent_message_chunk" : "agent_thought_chunk"));
        await client.IngestAsync("the-thread", Wire.Chunk(large, "user_message_chunk"));

        var text = (await ServerProcess.RunAsync(["show", "the-th", "--db", folder["t.db"]])).Output;
        var parts = text.Split('\n').Select(line => line.TrimStart('✻', ' ')).Where(line => line.StartsWith("part ", StringComparison.Ordinal)).ToList();
        await Assert.That(parts.Lines()).IsEqualTo(Enumerable.Range(0, 450).Select(i => $"part {i}.").Lines());
        await Assert.That(text.Contains(large, StringComparison.Ordinal)).IsTrue();

        var entries = (await ServerProcess.RunAsync(["show", "last", "--json", "--db", folder["t.db"]])).Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        await Assert.That(entries.Count).IsEqualTo(451);
        await Assert.That(entries.Select(entry => entry.GetProperty("row").Number("order"))).IsInOrder();
        await Assert.That(entries[^1].GetProperty("row").Text("text") == large).IsTrue();
    }

    [Test]
    public async Task A_thread_is_named_by_either_end_of_its_id_where_that_is_enough()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        await client.IngestAsync("ab-1", Wire.Chunk("One", "user_message_chunk"));
        await client.IngestAsync("ab-2", Wire.Chunk("Two", "user_message_chunk"));

        async Task<(int ExitCode, string Output, string Errors)> ShowAsync(string thread) => await ServerProcess.RunAsync(["show", thread, "--db", folder["t.db"]]);

        await Assert.That((await ShowAsync("ab-1")).Output).Contains("> One");
        await Assert.That((await ShowAsync("-2")).Output).Contains("> Two");
        await Assert.That((await ShowAsync("last")).Output).Contains("> Two");
        var several = await ShowAsync("ab");
        await Assert.That(several.ExitCode).IsEqualTo(1);
        await Assert.That(several.Errors).Contains("2 ids").And.Contains("ab-1  One").And.Contains("ab-2  Two");
        var none = await ShowAsync("x");
        await Assert.That(none.ExitCode).IsEqualTo(1);
        await Assert.That(none.Errors).Contains("There is no thread 'x'").And.Contains("tinyvex threads");
        await Assert.That((await ServerProcess.RunAsync(["show", "last", "--json", "--markdown", "--db", folder["t.db"]])).ExitCode).IsEqualTo(2);
    }

    [Test]
    public async Task A_turn_is_shown_with_all_that_was_done_in_it()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              update({ sessionUpdate: 'plan', entries: [{ content: 'Do it', priority: 'high', status: 'completed' }, { content: 'Rest', priority: 'low', status: 'pending' }] });
              update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'Hm. \u001b]52;c;x\u0007' } });
              update({ sessionUpdate: 'tool_call', toolCallId: 'c1', title: 'Edit *a*', kind: 'edit', status: 'completed',
                content: [{ type: 'diff', path: '/a.js', oldText: 'one\ntwo\nthree\n', newText: 'one\nTWO\nthree\n' }, { type: 'content', content: { type: 'text', text: '```js\nx\n```' } }] });
              say('Done.\n```js\nopen');
            };
            """);
        await stage.RunAsync("Please # do");
        await stage.RunAsync("Again", more: ",\"agent\":\"agent\"");

        string[] where = ["--db", stage.Folder["t.db"]];
        var first = (await stage.RowsAsync("threads.list"))[^1].Text("id");
        var text = (await ServerProcess.RunAsync(["show", first, .. where])).Output;
        await Assert.That(text).Contains("> Please # do").And.Contains("Hm. ␛]52;c;x␇").And.Contains("✓ Edit *a* (edit)").And.Contains("  - two\n  + TWO\n    three")
            .And.Contains("  ☑ Do it\n  ☐ Rest").And.Contains("── agent: completed in ").And.DoesNotContain("\e");

        var markdown = (await ServerProcess.RunAsync(["show", first, "--markdown", .. where])).Output;
        await Assert.That(markdown).StartsWith("# Please \\# do\n\n- Thread: `").And.Contains("\n## User\n\n> Please # do\n").And.Contains("\n### Thought\n\n> Hm. ␛]52;c;x␇\n")
            .And.Contains("\n### Tool: Edit \\*a\\*\n\n*edit, completed*\n\n```diff\n--- /a.js\n+++ /a.js\n one\n-two\n+TWO\n three\n```\n")
            .And.Contains("\n````\n```js\nx\n```\n````\n").And.Contains("\n## Agent\n\nDone.\n```js\nopen\n```\n").And.Contains("\n## Plan\n\n- [x] Do it\n- [ ] Rest\n");
    }

    [Test]
    public async Task What_was_asked_and_how_a_turn_ended_stand_where_they_happened()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            const form = { mode: 'form', message: 'Where to?', requestedSchema: { type: 'object', properties: { branch: { type: 'string' } } } };
            prompt = async text => {
              if (text === 'more') return 'refusal';
              await permit('c1');
              await ask('elicitation/create', form);
              say('Done');
              return 'max_tokens';
            };
            """);
        var (thread, run) = await stage.SubmitAsync("first");
        await stage.Client.AckedAsync($"\"control\":\"permission.respond\",\"requestId\":\"{await stage.PendingAsync()}\",\"optionId\":\"no\"");
        var asked = (await stage.RowAsync("elicitations.list", thread, row => row.Text("status") == "pending")).Text("requestId");
        await Assert.That((await ServerProcess.RunAsync(["show", thread, "--db", stage.Database])).Output).Contains("? Where to? (pending)");
        await stage.Client.AckedAsync($"\"control\":\"elicitation.respond\",\"requestId\":\"{asked}\",\"action\":\"accept\",\"content\":{{\"branch\":\"main\"}}");
        await stage.EndAsync(run);
        await stage.RunAsync("more", thread);
        foreach (var more in (string[][])[[], ["--markdown"]])
        {
            var shown = (await ServerProcess.RunAsync(["show", thread, "--db", stage.Database, .. more])).Output;
            var places = ((string[])["first", "Write a file", "No", "Where to?", "\"branch\":\"main\"", "Done", "completed (max", "more", "completed (refusal)"]).Select(part => (part, shown.IndexOf(part, StringComparison.Ordinal))).ToList();
            await Assert.That(places.All(place => place.Item2 >= 0)).IsTrue().Because(shown);
            await Assert.That(places.OrderBy(place => place.Item2).Select(place => place.part).Lines()).IsEqualTo(places.Select(place => place.part).Lines()).Because(shown);
        }
    }

    [Test]
    public async Task A_broken_agents_file_keeps_nobody_from_what_was_said()
    {
        using var folder = new TempFolder();
        await using (var server = await ServerProcess.StartAsync(folder["t.db"]))
        {
            await using var client = await TestClient.ConnectAsync(server);
            await client.IngestAsync("t1", Wire.Chunk("Still here"));
            await server.StopAsync();
        }

        foreach (var (json, why) in ((string, string)[])[("{ \"agents\": { \"x\": ", "Line 1 is not JSON"), ("{\n\"agents\":{\"x\":{\n\"comand\":[]}}}", "'comand' in line 3 is no field of it"), ("{\"agents\":{\"x\":{\"command\":7}}}", "'command' in line 1 is of another kind")])
        {
            await File.WriteAllTextAsync(folder["agents.json"], json);
            var (exitCode, output, errors) = await ServerProcess.RunAsync(["show", "last", "--db", folder["t.db"]]);
            await Assert.That((exitCode, output.Contains("Still here", StringComparison.Ordinal))).IsEqualTo((0, true)).Because(errors);
            await Assert.That(errors).Contains(why).And.DoesNotContain("System.").And.DoesNotContain(".NET");
            await Assert.That((await ServerProcess.RunAsync(["serve", "--port", "0", "--db", folder["t.db"]])).ExitCode).IsEqualTo(2);
        }
    }

    [Test]
    public async Task Nobody_is_written_to_who_has_stopped_reading()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("a Unix pipe");
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder["t.db"]);
        await using var client = await TestClient.ConnectAsync(server);
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "bash", ["-c", "\"$0\" watch --json --db \"$1\" | head -1; echo ${PIPESTATUS[0]}", TestBinary.Path, folder["t.db"]])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;

        // Watch would go on for ever; here it ends with the next line that it writes after head has gone.
        var reading = shell.StandardOutput.ReadToEndAsync(Deadline.Token());
        while (!reading.IsCompleted) await client.IngestAsync("t1", Wire.Chunk("x"));
        var output = await reading;

        await Assert.That(output.TrimEnd()).EndsWith("\n0");
        await Assert.That(await shell.StandardError.ReadToEndAsync(Deadline.Token())).IsEqualTo("");
    }
}
