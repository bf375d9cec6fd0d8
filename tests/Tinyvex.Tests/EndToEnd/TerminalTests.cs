using System.Text.Json;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Commands that an agent has run, end to end: a real agent, real processes, a real client.</summary>
public class TerminalTests
{
    [Test]
    public async Task A_command_runs_and_its_output_and_end_are_stored()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => {
              const { terminalId, exit, output } = await run('sh', ['-c', 'echo out; echo err >&2; echo "$A"; exit 3'], { env: [{ name: 'A', value: 'bé' }] });
              await ask('terminal/release', { terminalId });
              say(JSON.stringify({ exit, output, gone: (await ask('terminal/output', { terminalId })).error.code }));
            };
            """);

        var (threadId, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("""{"exit":{"exitCode":3,"signal":null},"output":{"output":"out\nerr\nbé\n","truncated":false,"exitStatus":{"exitCode":3,"signal":null}},"gone":-32002}""");
        var row = (await stage.RowsAsync("terminals.list", threadId)).Single();
        await Assert.That(row.Text("output")).IsEqualTo("out\nerr\nbé\n");
        await Assert.That(row.Number("outputLen")).IsEqualTo(12);
        await Assert.That(row.Text("status")).IsEqualTo("exited");
        await Assert.That(row.Number("exitCode")).IsEqualTo(3);
        await Assert.That(row.Text("command")).IsEqualTo("sh");
        await Assert.That((await stage.RowsAsync("timeline.list", threadId)).Select(entry => entry.Text("kind")).Lines()).IsEqualTo("run\nmessage\nterminal\nmessage");
    }

    [Test]
    public async Task A_client_sees_the_output_as_it_comes()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => { await run('sh', ['-c', 'echo öne; while [ ! -e go ]; do sleep 0.02; done; echo two']); };
            """);
        var (threadId, run) = await stage.SubmitAsync("go", more: TerminalStage.In(stage));
        var snapshot = await stage.Client.SubscribeAsync("terminals", threadId);
        var begun = snapshot.GetProperty("rows").EnumerateArray().SingleOrDefault();
        var seen = new SeenTerminal(begun.ValueKind == JsonValueKind.Object ? begun : default);

        while (seen.Output != "öne\n") seen.Take(await stage.Client.NextAsync());
        await Assert.That((await stage.RowsAsync("terminals.list", threadId)).Single().Text("status")).IsEqualTo("running");
        await File.WriteAllTextAsync(stage.Folder["go"], "");
        var appended = await stage.Client.NextAsync(frame => frame.TryGetProperty("append", out _));
        await Assert.That($"{appended.Number("from")} {appended.Text("append")}{appended.Number("outputStart")} {appended.Number("outputLen")}").IsEqualTo("5 two\n0 9");
        var end = (await stage.Client.NextAsync(frame => frame.TryGetProperty("row", out _))).GetProperty("row");
        await Assert.That(end.Text("status")).IsEqualTo("exited");
        await Assert.That(end.Has("output")).IsFalse();
        await stage.EndAsync(run);
    }

    [Test]
    public async Task A_kill_ends_the_whole_tree_and_keeps_the_id()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => {
              const { result: { terminalId } } = await ask('terminal/create', { command: 'sh', args: ['-c', 'sleep 61 & echo begun; sleep 62'] });
              while ((await ask('terminal/output', { terminalId })).result.output !== 'begun\n') await sleep(10);
              const waiting = ask('terminal/wait_for_exit', { terminalId });
              const during = (await ask('terminal/output', { terminalId })).result;
              await ask('terminal/kill', { terminalId });
              say(JSON.stringify({ during, exit: (await waiting).result, output: (await ask('terminal/output', { terminalId })).result.output }));
            };
            """);

        var (threadId, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("""{"during":{"output":"begun\n","truncated":false},"exit":{"exitCode":null,"signal":"SIGTERM"},"output":"begun\n"}""");
        await Deadline.UntilAsync(() => !stage.Alive().Any(TerminalStage.IsSleep), "all that slept is gone");
        var row = (await stage.RowsAsync("terminals.list", threadId)).Single();
        await Assert.That($"{row.Text("status")} {row.Text("signal")}").IsEqualTo("killed SIGTERM");
    }

    [Test]
    public async Task A_command_that_is_released_or_whose_agent_is_gone_ends_and_one_of_a_turn_that_is_over_goes_on()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async text => {
              if (text === 'leave') return void process.exit(0);
              const first = (await ask('terminal/create', { command: 'sleep', args: ['63'] })).result.terminalId;
              await ask('terminal/create', { command: 'sleep', args: ['64'] });
              await ask('terminal/release', { terminalId: first });
            };
            """);
        var (threadId, run) = await stage.SubmitAsync("begin");
        await stage.EndAsync(run);

        var released = await stage.RowAsync("terminals.list", threadId, row => row.Text("status") == "killed");
        await Assert.That(released.GetProperty("args")[0].GetString()).IsEqualTo("63");
        await Assert.That((await stage.RowsAsync("terminals.list", threadId))[0].Text("status")).IsEqualTo("running");

        await stage.RunAsync("leave", threadId);
        await stage.RowAsync("terminals.list", threadId, row => row.GetProperty("args")[0].GetString() == "64" && row.Text("status") == "killed");
        await Deadline.UntilAsync(() => !stage.Alive().Any(TerminalStage.IsSleep), "all that slept is gone");
    }

    [Test]
    public async Task An_agent_gets_the_end_of_the_output_from_where_a_character_begins()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => {
              const outputs = [];
              for (const outputByteLimit of [0, 1, 5, 6, 100]) outputs.push((await run('printf', ['ééé'], { outputByteLimit })).output);
              say(JSON.stringify(outputs.map(({ output, truncated }) => [output, truncated])));
            };
            """);

        var (threadId, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("""[["",true],["",true],["éé",true],["ééé",false],["ééé",false]]""");
        await Assert.That((await stage.RowsAsync("terminals.list", threadId)).Select(row => row.Text("output")).Distinct().Lines()).IsEqualTo("ééé");
    }

    [Test]
    public async Task What_is_no_text_becomes_its_mark_and_a_character_in_two_pieces_stays_one()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => say((await run('sh', ['-c', "printf 'a\\303'; sleep 0.2; printf '\\251 \\377 z\\342\\202'"])).output.output);
            """);

        var (threadId, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("aé \uFFFD z\uFFFD");
        await Assert.That((await stage.RowsAsync("terminals.list", threadId)).Single().Text("output")).IsEqualTo(said);
    }

    [Test]
    public async Task What_cannot_run_is_refused_and_says_why()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              const refused = [];
              for (const params of [{}, { command: '' }, { command: 'no-such-program' }, { command: 'true', cwd: '/etc' }, { command: 'true', cwd: 'relative' },
                { command: 'true', cwd: process.cwd() + '/absent' }, { command: 'true', args: 'x' }, { command: 'true', env: [{ name: 'A=', value: 'b' }] },
                { command: 'true', outputByteLimit: -1 }, { command: 'a\0b' }]) refused.push((await ask('terminal/create', params)).error.code);
              refused.push((await ask('terminal/kill', { terminalId: 'nope' })).error.code, (await ask('terminal/kill', {})).error.code);
              refused.push((await ask('terminal/unheard', {})).error.code, (await ask('terminal/create', { command: 'no-such-program' })).error.message);
              say(refused.join(' '));
            };
            """);

        var (threadId, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo(string.Join(' ', Enumerable.Repeat("-32602", 10)) + " -32002 -32602 -32601 the program 'no-such-program' was not found");
        await Assert.That(await stage.RowsAsync("terminals.list", threadId)).IsEmpty();
    }

    [Test]
    public async Task A_line_for_a_shell_is_given_to_one_and_nothing_of_ours_is_in_the_environment()
    {
        await using var stage = await AgentStage.ScriptAsync(
            TerminalStage.Run + """
            prompt = async () => {
              const ours = (await run('env | grep -c ^TINYVEX_')).output.output;
              const from = (await run('pwd && cat')).output.output;
              say(ours + from);
            };
            """, environment: new() { ["TINYVEX_TOKEN"] = "a-token-of-22-characters-or-more" });

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo($"0\n{stage.Folder.Path}\n");
    }

    [Test]
    public async Task So_many_run_at_once_and_no_more_and_of_those_that_have_ended_the_oldest_makes_room()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => {
              const first = await run('true');
              const ids = [];
              for (let i = 0; i < 32; i++) ids.push((await ask('terminal/create', { command: 'sleep', args: ['65'] })).result.terminalId);
              const more = await ask('terminal/create', { command: 'true' });
              const gone = await ask('terminal/output', { terminalId: first.terminalId });
              await ask('terminal/kill', { terminalId: ids[0] });
              await ask('terminal/wait_for_exit', { terminalId: ids[0] });
              const room = await run('true');
              say([more.error.message, gone.error.code, room.exit.exitCode].join(' | '));
            };
            """);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("32 terminals run already; kill or release one | -32002 | 0");
    }

    [Test]
    public async Task A_server_that_is_killed_has_what_was_shown_and_says_that_the_rest_is_lost()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => { await run('sh', ['-c', 'echo shown; sleep 66']); };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.RowAsync("terminals.list", threadId, row => row.Text("output") == "shown\n");

        await stage.Client.DisposeAsync();
        await stage.Server.KillAsync();
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "all that it started is gone");
        await stage.StartServerAsync();

        var row = (await stage.RowsAsync("terminals.list", threadId)).Single();
        await Assert.That($"{row.Text("status")} {row.Text("output")}{row.GetProperty("exitCode").ValueKind}").IsEqualTo("lost shown\nNull");
    }

    [Test]
    public async Task An_orderly_stop_ends_a_command_and_says_so()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => { await run('sh', ['-c', 'echo shown; sleep 67']); };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.RowAsync("terminals.list", threadId, row => row.Text("output") == "shown\n");

        await stage.Client.DisposeAsync();
        await Assert.That(await stage.Server.StopAsync()).IsEqualTo(0);
        await Assert.That(stage.Alive()).IsEmpty();
        await Assert.That(OriginalFile.Select(stage.Database, "SELECT status FROM terminals")).IsEqualTo("killed");
    }

    [Test]
    public async Task A_thread_that_is_deleted_ends_its_commands_and_leaves_nothing_of_them()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => { await run('sh', ['-c', 'echo shown; sleep 68']); };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.RowAsync("terminals.list", threadId, row => row.Text("output") == "shown\n");

        await stage.Client.RequestAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{threadId}\"");

        await Assert.That(await stage.RowsAsync("terminals.list", threadId)).IsEmpty();
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "all that it started is gone");
        await Deadline.UntilAsync(() => OriginalFile.Select(stage.Database, "SELECT (SELECT count(*) FROM terminals) + (SELECT count(*) FROM terminal_output)") == "0", "its rows are gone");
    }

    [Test]
    public async Task An_agent_that_is_not_offered_terminals_and_files_has_none()
    {
        var folder = new TempFolder();
        var agent = AgentScript.Write(folder, """
            let offered;
            on.initialize = m => { offered = m.params.clientCapabilities; reply(m.id, { protocolVersion: 1 }); };
            prompt = async () => say(JSON.stringify([offered.fs, offered.terminal, (await ask('terminal/create', { command: 'true' })).error.code,
              (await ask('fs/read_text_file', { path: process.cwd() + '/x' })).error.code]));
            """);
        var command = string.Join(',', Tinyvex.Agents.CommandLine.Split(agent).Select(Wire.Quote));
        await File.WriteAllTextAsync(folder["agents.json"], $$$"""{"agents":{"without":{"command":[{{{command}}}],"offer":{"files":false,"terminals":false} } } }""");
        await using var stage = await AgentStage.StartAsync(folder, agent, ["--default-agent", "without"]);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("""[{"readTextFile":false,"writeTextFile":false},false,-32601,-32601]""");
    }

    [Test]
    public async Task An_agent_may_give_up_waiting_and_ask_again()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              const { result: { terminalId } } = await ask('terminal/create', { command: 'sleep', args: ['69'] });
              const waiting = ask('terminal/wait_for_exit', { terminalId }, 'w1');
              send({ method: '$/cancel_request', params: { requestId: 'w1' } });
              const given = (await waiting).error.code;
              const again = ask('terminal/wait_for_exit', { terminalId });
              await ask('terminal/kill', { terminalId });
              say(given + ' ' + (await again).result.signal);
            };
            """);

        var (_, said) = await TerminalStage.RunAsync(stage);

        await Assert.That(said).IsEqualTo("-32800 SIGTERM");
    }

    [Test]
    public async Task A_threads_further_directories_are_its_agents_too()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async more => {
              const ran = await run('sh', ['-c', 'echo from there > made; pwd'], { cwd: more });
              const read = await ask('fs/read_text_file', { path: more + '/made' });
              const outside = await ask('terminal/create', { command: 'true', cwd: more + '/..' });
              say(ran.output.output + read.result.content + outside.error.code);
            };
            """);
        using var more = new TempFolder();
        var created = await stage.Client.RequestAsync(
            $"\"control\":\"tvx.create_thread\"{TerminalStage.In(stage)}");
        await stage.Client.AckedAsync(
            $"\"control\":\"tvx.update_thread\",\"threadId\":\"{created.Text("threadId")}\",\"updates\":{{\"additionalDirectories\":[{Wire.Quote(more.Path)}]}}");

        await stage.RunAsync(more.Path, created.Text("threadId"));

        var said = (await stage.RowsAsync("messages.list", created.Text("threadId")))[^1].Text("text");
        await Assert.That(said).IsEqualTo($"{more.Path}\nfrom there\n-32602");
    }
}
