using System.Text.Json;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>tinyvex run</c>: what it sends, what it prints, and how it ends.</summary>
public class TerminalRunTests
{
    private static string[] Run(TempFolder folder, string script, params string[] arguments) =>
        ["run", "--db", folder["t.db"], "--agent", "agent=" + AgentScript.Write(folder, script), .. arguments];

    [Test]
    public async Task Without_a_server_it_has_one_of_its_own_that_ends_with_it()
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ServerProcess.RunAsync(Run(folder, "", "Hello"));

        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(output).IsEqualTo("You said Hello\n");
        await Assert.That(errors).IsEqualTo("");
        await Assert.That(File.Exists(RuntimeFile.PathOf(folder["t.db"]))).IsFalse();
        await Assert.That(InstanceLock.IsTaken(folder["t.db"])).IsFalse();
    }

    [Test]
    public async Task With_a_server_it_uses_that_one_and_leaves_it_running()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var (exitCode, output, _) = await ServerProcess.RunAsync(["run", "--db", stage.Folder["t.db"], "Hello"]);

        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(output).IsEqualTo("You said Hello\n");
        await Assert.That((await stage.RowsAsync("runs.list")).Length).IsEqualTo(1);
    }

    [Test]
    public async Task The_words_of_a_prompt_need_no_quotes()
    {
        using var folder = new TempFolder();
        var (_, output, _) = await ServerProcess.RunAsync(Run(folder, "", "fix", "the", "bug"));
        await Assert.That(output).IsEqualTo("You said fix the bug\n");
    }

    [Test]
    [Arguments("Review this")]
    [Arguments("-")]
    [Arguments(null)]
    public async Task What_is_piped_in_is_the_prompt_or_stands_below_it(string? prompt)
    {
        using var folder = new TempFolder();
        var (exitCode, output, _) = await ServerProcess.RunAsync(Run(folder, "", prompt is null ? [] : [prompt]), input: "+ one line\n+ another\n");

        await Assert.That(exitCode).IsEqualTo(0);
        await Assert.That(output).IsEqualTo($"You said {(prompt == "Review this" ? "Review this\n\n" : "")}+ one line\n+ another\n");
    }

    [Test]
    public async Task Without_a_prompt_it_says_how_to_give_one()
    {
        using var folder = new TempFolder();
        var (exitCode, _, errors) = await ServerProcess.RunAsync(Run(folder, ""));
        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(errors).Contains("git diff | tinyvex run");
    }

    [Test]
    public async Task More_than_two_megabytes_of_stdin_are_refused()
    {
        using var folder = new TempFolder();
        var (exitCode, _, errors) = await ServerProcess.RunAsync(Run(folder, ""), input: new string('x', (2 * 1024 * 1024) + 1));
        await Assert.That(exitCode).IsEqualTo(2);
        await Assert.That(errors).Contains("more than 2 MiB");
    }

    [Test]
    [Arguments("return 'end_turn'", 0, "")]
    [Arguments("return 'refusal'", 6, "refuses to go on (refusal)")]
    [Arguments("return 'max_tokens'", 6, "(max_tokens)")]
    [Arguments("return 'max_turn_requests'", 6, "(max_turn_requests)")]
    [Arguments("throw process.exit(7)", 1, "7")]
    public async Task The_exit_code_says_how_the_turn_ended(string end, int expected, string words)
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ServerProcess.RunAsync(Run(folder, $"prompt = async () => {{ say('begun'); await sleep(50); {end}; }};", "Hello"));

        await Assert.That(exitCode).IsEqualTo(expected);
        await Assert.That(output).Contains("begun");
        await Assert.That(errors).Contains(words);
    }

    [Test]
    public async Task An_unknown_thread_or_agent_is_told_with_a_remedy()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var thread = await ServerProcess.RunAsync(["run", "--db", stage.Folder["t.db"], "--thread", "nowhere", "Hello"]);
        var agent = await ServerProcess.RunAsync(["run", "--db", stage.Folder["t.db"], "--agent", "nobody=node x.js", "Hello"]);
        var known = await ServerProcess.RunAsync(["run", "--db", stage.Folder["t.db"], "--agent", "agent=node x.js", "Hello"]);

        await Assert.That((thread.ExitCode, thread.Errors.Contains("tinyvex threads", StringComparison.Ordinal))).IsEqualTo((1, true));
        await Assert.That((agent.ExitCode, agent.Errors.Contains("does not know the agent 'nobody'", StringComparison.Ordinal))).IsEqualTo((1, true));
        await Assert.That((known.ExitCode, known.Output)).IsEqualTo((0, "You said Hello\n"));
    }

    [Test]
    public async Task Its_own_server_has_the_agents_of_the_file_beside_the_database()
    {
        using var folder = new TempFolder();
        AgentScript.Write(folder, "");
        File.WriteAllText(folder["agents.json"], $$"""{"default":"mine","agents":{"mine":{"command":["node","{{folder["agent.cjs"]}}"]} } }""");
        var configured = await ServerProcess.RunAsync(["run", "--db", folder["t.db"], "Hello"]);
        File.WriteAllText(folder["agents.json"], "{}");
        var empty = await ServerProcess.RunAsync(Run(folder, "", "Hello"));

        await Assert.That((configured.ExitCode, configured.Output)).IsEqualTo((0, "You said Hello\n"));
        await Assert.That((empty.ExitCode, empty.Output)).IsEqualTo((0, "You said Hello\n"));
    }

    [Test]
    public async Task Continue_goes_on_with_the_thread_used_last()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var none = await ServerProcess.RunAsync(["run", "--db", stage.Folder["t.db"], "-c", "Hello"]);
        await stage.RunAsync("one");
        var (last, _) = await stage.SubmitAsync("two");
        var next = await ServerProcess.RunAsync(["run", "--db", stage.Folder["t.db"], "--continue", "three"]);
        var texts = (await stage.RowsAsync("messages.list", last)).Select(row => row.GetProperty("text").GetString()!);

        await Assert.That((none.ExitCode, next.ExitCode)).IsEqualTo((2, 0));
        await Assert.That(texts).IsEquivalentTo(["two", "You said two", "three", "You said three"]);
        // Of a thread that goes on, earlier turns are not printed again.
        await Assert.That(next.Output).IsEqualTo("You said three\n");
    }

    [Test]
    public async Task A_thread_is_gone_on_with_by_either_end_of_its_id()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var threadId = (await stage.RunAsync("one")).GetProperty("threadId").GetString()!;
        foreach (var name in (string[])[threadId[..^1], threadId[1..], "last"])
        {
            var next = await ServerProcess.RunAsync(["run", "--db", stage.Folder["t.db"], "--thread", name, name]);
            await Assert.That((next.ExitCode, next.Output)).IsEqualTo((0, $"You said {name}\n"));
        }

        await Assert.That((await stage.RowsAsync("messages.list", threadId)).Length).IsEqualTo(8);
    }

    [Test]
    public async Task Cwd_is_where_the_agent_works()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["deep"]);
        const string tellsDirectory = "on['session/new'] = m => { reply(m.id, { sessionId: 's1' }); prompt = async () => say(m.params.cwd); };";
        var (_, output, _) = await ServerProcess.RunAsync(Run(folder, tellsDirectory, "--cwd", folder["deep"], "Where?"));
        var missing = await ServerProcess.RunAsync(Run(folder, "", "--cwd", folder["nowhere"], "Where?"));

        await Assert.That(output.Trim()).EndsWith("/deep");
        await Assert.That(missing.ExitCode).IsEqualTo(2);
    }

    [Test]
    public async Task With_json_stdout_has_the_frames_and_a_result_and_nothing_else()
    {
        using var folder = new TempFolder();
        var (exitCode, output, _) = await ServerProcess.RunAsync(Run(folder, "prompt = async () => { say('a\\u009b31m'); return 'max_tokens'; };", "--json", "Hello"));
        var frames = output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var result = frames[^1];

        await Assert.That(exitCode).IsEqualTo(6);
        await Assert.That(frames[0].GetProperty("type").GetString()).IsEqualTo("run.submitted");
        await Assert.That(frames.Any(frame => frame.TryGetProperty("append", out var text) && text.GetString() == "a\u009b31m")).IsTrue();
        await Assert.That(output).DoesNotContain("\u009b");
        await Assert.That(result.GetProperty("type").GetString()).IsEqualTo("tinyvex.run_result");
        await Assert.That(result.GetProperty("threadId").GetString()).IsEqualTo(frames[0].GetProperty("threadId").GetString());
        await Assert.That(result.GetProperty("runId").GetString()).IsEqualTo(frames[0].GetProperty("runId").GetString());
        await Assert.That(result.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(result.GetProperty("stopReason").GetString()).IsEqualTo("max_tokens");
        await Assert.That(result.GetProperty("exitCode").GetInt32()).IsEqualTo(6);
    }

    [Test]
    public async Task With_json_a_failure_stands_in_the_result()
    {
        using var folder = new TempFolder();
        var (exitCode, output, _) = await ServerProcess.RunAsync(["run", "--db", folder["t.db"], "--agent", "nobody", "--json", "Hello"]);
        var result = JsonDocument.Parse(output.TrimEnd('\n').Split('\n')[^1]).RootElement;

        await Assert.That(exitCode).IsEqualTo(1);
        await Assert.That(result.GetProperty("status").ValueKind).IsEqualTo(JsonValueKind.Null);
        await Assert.That(result.GetProperty("error").GetProperty("code").GetString()).IsEqualTo("agent_unavailable");
    }

    [Test]
    public async Task Escape_sequences_of_an_agent_do_not_reach_the_terminal()
    {
        using var folder = new TempFolder();
        var (_, output, errors) = await ServerProcess.RunAsync(Run(
            folder,
            """
            prompt = async () => {
              say('a\u001b[2Jb\u001b]0;owned\u0007c');
              update({ sessionUpdate: 'plan', entries: [{ content: '\u001b[1Aplan', priority: 'low', status: 'pending' }] });
              update({ sessionUpdate: 'tool_call', toolCallId: 'c', title: 'rm\u001b[8m x', kind: 'k\u001b[2K', status: 'completed',
                content: [{ type: 'content', content: { type: 'text', text: '\u001b[3Jout' } }, { type: 'diff', path: '/a\u001b[5m', newText: 'x\u001b[6n' }] });
              await ask('session/request_permission', { toolCall: { toolCallId: 'd', title: 'permit\u001b[7m' }, options: [{ optionId: 'o', name: 'No\u001b[9m', kind: 'reject_once' }] });
              throw new Error();
            };
            process.on('unhandledRejection', () => { process.stderr.write('\u001b[4mgone'); process.exit(1); });
            """,
            "Hello"));

        await Assert.That(output + errors).DoesNotContain("\e");
        foreach (var text in (string[])["owned", "plan", "rm", "out", "/a", "permit", "No", "gone"]) await Assert.That(output + errors).Contains(text);
    }

    [Test]
    public async Task Colours_are_for_terminals_unless_they_are_forced()
    {
        using var folder = new TempFolder();
        var arguments = Run(folder, "prompt = async () => update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'Hm' } });", "Hello");
        var plain = await ServerProcess.RunAsync(arguments);
        var forced = await ServerProcess.RunAsync(arguments, new Dictionary<string, string?> { ["FORCE_COLOR"] = "1" });
        var neither = await ServerProcess.RunAsync(arguments, new Dictionary<string, string?> { ["FORCE_COLOR"] = "1", ["NO_COLOR"] = "1" });

        await Assert.That(plain.Output).IsEqualTo("✻ Hm\n");
        await Assert.That(forced.Output).Contains("\e[2mHm\e[0m");
        await Assert.That(neither.Output).IsEqualTo("✻ Hm\n");
    }
}
