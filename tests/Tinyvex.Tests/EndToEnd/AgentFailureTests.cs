using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Agents that do not do what they should: each ends its own run, and says why.</summary>
public class AgentFailureTests
{
    private static string Reason(JsonElement run) => run.GetProperty("error").GetProperty("message").GetString()!;

    private static string Code(JsonElement run) => run.GetProperty("error").GetProperty("code").GetString()!;

    [Test]
    public async Task A_crash_fails_its_run_with_the_last_words_and_no_other()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async text => {
              if (text !== 'crash') { say('alive'); await cancelled; return 'cancelled'; }
              say('about to');
              for (let i = 0; i < 30; i++) console.error('line ' + i);
              await sleep(20); process.exit(3);
            };
            """);
        var (bystander, other) = await stage.SubmitAsync("live");
        await stage.MessageAsync(bystander, "alive");
        var (threadId, runId) = await stage.SubmitAsync("crash");
        var run = await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "about to", partial: false);
        var (_, next) = await stage.SubmitAsync("again", threadId);
        await stage.MessageAsync(threadId, "alive");

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("failed");
        await Assert.That(Code(run)).IsEqualTo("agent_error");
        await Assert.That(Reason(run)).StartsWith("agent 'agent' exited with code 3:\nline 10\n").And.EndsWith("\nline 29");
        await Assert.That((await stage.StateAsync(other, "running")).GetProperty("status").GetString()).IsEqualTo("running");
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{next}\"");
    }

    [Test]
    [Arguments("no-such-agent --flag", "agent_unavailable", "'no-such-agent' was not found")]
    [Arguments("/etc/passwd", "agent_error", "Permission denied")]
    [Arguments("node -e 'console.error(\"no key\"); process.exit(9)'", "agent_error", "exited with code 9:\nno key")]
    [Arguments("bash -c 'kill -9 $$'", "agent_error", "exited with code 137")]
    public async Task An_agent_that_cannot_start_fails_the_run(string command, string code, string reason)
    {
        await using var stage = await AgentStage.CommandAsync(command);
        var run = await stage.RunAsync("go");
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("failed");
        await Assert.That(Code(run)).IsEqualTo(code);
        await Assert.That(Reason(run)).Contains(reason);
    }

    [Test]
    public async Task An_agent_that_is_silent_at_its_start_fails_the_run_with_its_last_words()
    {
        await using var stage = await AgentStage.ScriptAsync("on.initialize = () => console.error('waiting for a browser');", ["--agent-start-timeout", "1.5"]);
        var run = await stage.RunAsync("go");
        await Assert.That(Reason(run)).IsEqualTo("agent 'agent' did not answer initialize within 1.5 s:\nwaiting for a browser");
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "the agent is gone");
    }

    [Test]
    public async Task Another_version_of_the_protocol_fails_the_run()
    {
        await using var stage = await AgentStage.ScriptAsync("on.initialize = m => reply(m.id, { protocolVersion: 2 });");
        await Assert.That(Reason(await stage.RunAsync("go"))).Contains("does not speak version 1");
    }

    [Test]
    [Arguments("session/new")]
    [Arguments("session/prompt")]
    public async Task An_agent_that_wants_a_login_says_so(string method)
    {
        await using var stage = await AgentStage.ScriptAsync($"on['{method}'] = m => fail(m.id, -32000, 'Authentication required');");
        var run = await stage.RunAsync("go");
        await Assert.That(Code(run)).IsEqualTo("agent_unavailable");
        await Assert.That(Reason(run)).Contains("log in first: Authentication required");
    }

    [Test]
    public async Task A_session_that_was_refused_is_asked_for_again_by_the_next_prompt()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            const done = process.env.FOLDER + '/tried';
            on['session/new'] = m => fs.existsSync(done) ? reply(m.id, { sessionId: 's1' }) : (fs.writeFileSync(done, ''), fail(m.id, -32603, 'Internal error'));
            """);
        var (threadId, runId) = await stage.SubmitAsync("one");
        var run = await stage.EndAsync(runId);
        var next = await stage.RunAsync("two", threadId);
        await Assert.That(Reason(run)).IsEqualTo("Internal error");
        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed");
    }

    [Test]
    public async Task An_error_in_answer_to_a_prompt_is_the_runs_and_the_agent_lives_on()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            on['session/prompt'] = m => fail(m.id, 429, 'Internal \ud83d error', { details: 'rate limit \ud83d', more: [1] });
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        var run = await stage.EndAsync(runId);
        var agents = stage.Alive();
        await stage.RunAsync("go", threadId);

        await Assert.That(Code(run)).IsEqualTo("agent_error");
        await Assert.That(Reason(run)).IsEqualTo("Internal \uFFFD error: rate limit \uFFFD");
        await Assert.That(run.GetProperty("error").GetProperty("data").GetProperty("code").GetInt32()).IsEqualTo(429);
        await Assert.That(run.GetProperty("error").GetProperty("data").GetProperty("data").GetProperty("more")[0].GetInt32()).IsEqualTo(1);
        await Assert.That(string.Join(' ', stage.Alive())).IsEqualTo(string.Join(' ', agents));
    }

    [Test]
    public async Task Lines_that_are_no_messages_are_skipped_and_bytes_that_are_no_text_are_mended()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              process.stdout.write('Debugger attached.\n\n \r\n[1]\n{"jsonrpc":"2.0"}\n{"method":"session/upd\n"\\ud800"\n{"method":"\\ud800"}\n');
              process.stdout.write(Buffer.concat([
                Buffer.from('{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s1","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"a'),
                Buffer.from([0xff, 0xc3]), Buffer.from('z"}}}}\r\n')]));
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        var run = await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "a\uFFFD\uFFFDz");
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("completed");
    }

    [Test]
    public async Task A_line_longer_than_the_limit_fails_the_run_and_ends_the_agent()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { process.stdout.write('x'.repeat(65 << 20)); await never; };");
        var run = await stage.RunAsync("go");
        await Assert.That(Reason(run)).Contains("longer than 67108864 bytes");
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "the agent is gone");
    }

    [Test]
    public async Task A_line_of_many_megabytes_is_taken()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => say('x'.repeat(20 << 20));");
        var (threadId, runId) = await stage.SubmitAsync("go");
        var run = await stage.EndAsync(runId);
        var row = await stage.RowAsync("messages.list", threadId, row => row.GetProperty("role").GetString() == "assistant");
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(row.GetProperty("truncated").GetBoolean()).IsTrue();
    }

    [Test]
    public async Task An_agent_that_closes_its_output_and_lives_on_fails_the_run()
    {
        Skip.When(TestBinary.IsBuiltBesideTests, "the JIT runtime of the guard keeps copies of its standard streams, so that the output never ends");
        await using var stage = await AgentStage.ScriptAsync("""
            process.on('SIGTERM', () => {}); atEnd = () => {};
            prompt = async () => { say('last'); await sleep(50); console.error('closing'); fs.closeSync(1); await never; };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        var run = await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "last", partial: false);
        await Assert.That(Reason(run)).IsEqualTo("agent 'agent' closed its input or output:\nclosing");
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "the agent is gone");
    }

    [Test]
    public async Task A_flood_of_errors_holds_nothing_up()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              for (let i = 0; i < 200; i++) fs.writeSync(2, 'e'.repeat(100_000) + (i % 2 ? '\n' : ''));
              say('through'); await sleep(20); process.exit(1);
            };
            """);
        var run = await stage.RunAsync("go");
        await Assert.That(Reason(run)).StartsWith("agent 'agent' exited with code 1:\neee");
        await Assert.That(Reason(run).Length).IsLessThan(25_000);
    }

    [Test]
    public async Task An_agent_that_asks_much_and_listens_late_gets_all_answers()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              let answers = 0; process.stdin.pause();
              for (let i = 0; i < 900; i++) ask('unheard/of', { command: 'x'.repeat(300) }).then(answer => answer.error.code === -32601 && answers++);
              await sleep(200); process.stdin.resume();
              while (answers < 900) await sleep(5);
              say('all');
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "all");
        await stage.EndAsync(runId);
    }
}
