using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Agents that break the protocol, or end where nobody expects it. Whatever one does, a turn of another thread goes on, and so does the server.</summary>
public class BadAgentTests
{
    [Test]
    [Arguments("half a line, and the end", "process.stdout.write('{\"jsonrpc\":\"2.0\",\"method\":\"sess'); setTimeout(() => process.exit(0), 20); await never;", "failed")]
    [Arguments("half a line, and then the rest of it", "const line = JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's1', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'ä' } } } }) + '\\n'; for (const byte of Buffer.from(line)) { process.stdout.write(Buffer.from([byte])); await sleep(0); }", "completed")]
    [Arguments("JSON that is no JSON-RPC", "process.stdout.write('[]\\n{}\\n5\\nnull\\n\"x\"\\n{\"jsonrpc\":\"2.0\"}\\n{\"id\":null}\\n{\"jsonrpc\":\"2.0\",\"method\":7,\"id\":{}}\\n[{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"id\":1}]\\n');", "completed")]
    [Arguments("answers to what nobody asked", "reply(77, {}); reply('x', { stopReason: 'refusal' }); fail(null, 1, 'no'); reply(-1, { stopReason: 'refusal' });", "completed")]
    [Arguments("updates of sessions that there are not", "for (const sessionId of ['s2', '', null, 5, {}]) send({ method: 'session/update', params: { sessionId, update: { sessionUpdate: 'usage_update', used: 1, size: 2 } } }); send({ method: 'session/update' }); send({ method: 'session/update', params: [] });", "completed")]
    [Arguments("requests that a client does not know", "for (const id of [1, 'a', null]) await new Promise(done => { asked.set(JSON.stringify(id), done); send({ id, method: 'no/such', params: [] }); if (id === null) done(); });", "completed")]
    public async Task What_breaks_the_protocol_ends_at_most_its_own_turn(string what, string script, string status)
    {
        await using var stage = await AgentStage.ScriptAsync($$"""
            prompt = async text => {
              if (text === 'live') { say('alive'); await cancelled; say(', still'); return 'cancelled'; }
              if (text === 'bad') { {{script}} }
              say('after');
            };
            """);
        var (bystander, alive) = await stage.SubmitAsync("live");
        await stage.MessageAsync(bystander, "alive");

        var run = await stage.RunAsync("bad");
        await Assert.That(run.Text("status")).IsEqualTo(status).Because(what);
        if (status == "completed") await stage.RowAsync("messages.list", run.Text("threadId"), row => row.Text("text").EndsWith("after", StringComparison.Ordinal));
        // The thread goes on, be it with a new process.
        await Assert.That((await stage.RunAsync("good", run.Text("threadId"))).Text("status")).IsEqualTo("completed");

        await stage.Client.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{alive}\"");
        await Assert.That((await stage.EndAsync(alive)).Text("status")).IsEqualTo("cancelled");
    }

    [Test]
    public async Task A_prompt_that_is_answered_twice_ends_once_and_does_not_answer_the_next()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            let first;
            on['session/prompt'] = async m => {
              const text = m.params.prompt[0].text;
              if (text === 'twice') { first = m.id; reply(m.id, { stopReason: 'end_turn' }); reply(m.id, { stopReason: 'refusal' }); fail(m.id, 1, 'no'); return; }
              reply(first, { stopReason: 'refusal' }); say('working'); await cancelled; reply(m.id, { stopReason: 'cancelled' });
            };
            """);
        var run = await stage.RunAsync("twice");
        await Assert.That(run.Text("stopReason")).IsEqualTo("end_turn");
        var (thread, next) = await stage.SubmitAsync("next", run.Text("threadId"));
        await stage.MessageAsync(thread, "working");
        await Assert.That((await stage.StateAsync(next, "running", "completed", "failed")).Text("status")).IsEqualTo("running");
        await stage.Client.AckedAsync($"\"control\":\"run.cancel\",\"runId\":\"{next}\"");
        await Assert.That((await stage.EndAsync(next)).Text("status")).IsEqualTo("cancelled");
        await Assert.That((await stage.RowsAsync("runs.list", thread)).Single(row => row.Text("runId") == run.Text("runId")).Text("stopReason")).IsEqualTo("end_turn");
    }

    [Test]
    [Arguments("asked for its version", "on.initialize = () => process.exit(3);", "failed")]
    [Arguments("between its first answers", "on.initialize = m => { reply(m.id, { protocolVersion: 1 }); if (bad()) setTimeout(() => process.exit(3), 1); }; on['session/new'] = m => bad() ? 0 : reply(m.id, { sessionId: 's1' });", "failed")]
    [Arguments("asked for a session", "on['session/new'] = m => bad() ? process.exit(3) : reply(m.id, { sessionId: 's1' });", "failed")]
    [Arguments("in its turn", "prompt = async text => { if (bad()) process.exit(3); };", "failed")]
    [Arguments("while it waits for a permission", "prompt = async text => { if (!bad()) return; permit(); setTimeout(() => process.exit(3), 50); await never; };", "failed")]
    [Arguments("with its answer", "on['session/prompt'] = m => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: m.id, result: { stopReason: 'end_turn' } }) + '\\n', () => bad() && process.exit(3));", "completed")]
    public async Task An_agent_may_end_in_any_state_and_the_next_prompt_starts_another(string when, string script, string status)
    {
        // The first process is the bad one; a file tells the others apart.
        await using var stage = await AgentStage.ScriptAsync($$"""
            const mark = process.env.FOLDER + '/bad', isBad = !fs.existsSync(mark);
            if (isBad) fs.writeFileSync(mark, '');
            const bad = () => isBad;
            {{(when == "asked for its version" ? "if (isBad) " : "")}}{{script}}
            """);
        var run = await stage.RunAsync("go");
        await Assert.That(run.Text("status")).IsEqualTo(status).Because(when);
        await Assert.That((await stage.RowsAsync("permissions.list")).Any(row => row.Text("status") == "pending")).IsFalse();
        // Gone, and known to be: who hands the next prompt to one that ends in this moment loses it with it.
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "the agent is gone");
        await HostStage.UntilAsync(async () => (await MetricsText.ScrapeAsync(stage.Server))["tinyvex_agents"] == 0, "the server knows that it is");
        await Assert.That((await stage.RunAsync("again", run.Text("threadId"))).Text("status")).IsEqualTo("completed").Because(when);
    }

    [Test]
    public async Task A_hundred_thousand_updates_at_once_are_stored_while_a_client_reads_slowly_and_the_memory_stays()
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("the memory of a process is read from /proc");
        const int updates = 100_000;
        await using var stage = await AgentStage.ScriptAsync($$"""
            prompt = async text => {
              if (text === 'live') return void say('alive');
              const line = i => JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's1', update: { sessionUpdate: 'agent_message_chunk', messageId: 'm' + (i >> 9), content: { type: 'text', text: `${i} ` + 'x'.repeat(400) + '\n' } } } });
              for (let i = 0; i < {{updates}}; i += 100) {
                const lines = Array.from({ length: 100 }, (_, k) => line(i + k)).join('\n') + '\n';
                if (!process.stdout.write(lines)) await new Promise(done => process.stdout.once('drain', done));
              }
            };
            """);
        // Warm, so that what is measured is the flood.
        await stage.RunAsync("live");
        var (thread, run) = await stage.SubmitAsync("flood");
        await using var slow = await SlowClient.ConnectAsync(stage.Server);
        await slow.SendAsync($"{{\"control\":\"tvx.subscribe\",\"id\":1,\"stream\":\"messages\",\"threadId\":\"{thread}\"}}");
        // Another thread works meanwhile.
        await Assert.That((await stage.RunAsync("live")).Text("status")).IsEqualTo("completed");
        var peak = 0L;
        while ((await stage.RowsAsync("runs.list", thread))[0].Text("status") is "running" or "queued") peak = Math.Max(peak, Memory(stage.Server.Id));
        await Assert.That((await stage.EndAsync(run)).Text("status")).IsEqualTo("completed");
        await Assert.That((await stage.RowsAsync("messages.list", thread))[^1].Text("text").Contains("\n99999 xxx", StringComparison.Ordinal)).IsTrue();
        await Assert.That((await stage.RowsAsync("threads.list")).Single(row => row.Text("id") == thread).Number("messageCount")).IsEqualTo((updates / 512) + 2);
        // The writer's queue and the topics have 64 MiB each; the flood is a third more than both, and a heap breathes.
        await Assert.That(peak).IsLessThan(400L << 20);
    }

    private static long Memory(int process) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture) * 1024;
}
