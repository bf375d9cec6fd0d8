using System.Text.Json;
using Tinyvex.Tests.Storage;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Commands that print very much, and readers that come late or read slowly.</summary>
public class TerminalFloodTests
{
    private const long MiB = 1024 * 1024;

    [Test]
    public async Task A_command_that_prints_for_ever_costs_little_and_disturbs_nobody()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async text => {
              if (text !== 'flood') return void say('still here');
              const { result: { terminalId } } = await ask('terminal/create', { command: 'yes', args: ['0123456789abcde'] });
              await cancelled;
              await ask('terminal/kill', { terminalId });
              await ask('terminal/wait_for_exit', { terminalId });
              return 'cancelled';
            };
            """);
        var (threadId, run) = await stage.SubmitAsync("flood");
        Task<JsonElement> PrintedAsync(long bytes) => stage.RowAsync("terminals.list", threadId, row => row.Number("outputLen") > bytes);
        await PrintedAsync(16 * MiB);
        var before = Memory(stage);

        await PrintedAsync(160 * MiB);
        await stage.RunAsync("and now?");
        await Assert.That(Memory(stage) - before).IsLessThan(32 * MiB);
        await Assert.That(new FileInfo(stage.Database + "-wal").Length + new FileInfo(stage.Database).Length).IsLessThan(32 * MiB);
        await Assert.That(OriginalFile.Select(stage.Database, "SELECT count(*) < 20 FROM acp_events WHERE updateKind = 'tvx.terminal_output'")).IsEqualTo("1");

        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{run}\"");
        await stage.EndAsync(run);
        var row = (await stage.Client.RequestAsync(
            $"\"control\":\"tvx.query\",\"name\":\"terminals.get\",\"args\":{{\"threadId\":\"{threadId}\",\"terminalId\":\"{(await PrintedAsync(0)).Text("terminalId")}\"}}"))
            .GetProperty("rows")[0];
        await Assert.That(row.Text("status")).IsEqualTo("killed");
        await Assert.That(row.Text("output").Length).IsEqualTo((int)MiB);
        await Assert.That(row.Number("outputLen") - row.Number("outputStart")).IsEqualTo(MiB);
        await Assert.That(row.Text("output").EndsWith("0123456789abcde\n0123456789abcde\n", StringComparison.Ordinal)).IsTrue();
    }

    [Test]
    public async Task Who_follows_a_flood_ends_with_what_is_kept()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => { await run('sh', ['-c', 'while [ ! -e go ]; do sleep 0.02; done; seq 1 600000; sleep 1.5; echo calm']); };
            """);
        var (threadId, run) = await stage.SubmitAsync("go", more: TerminalStage.In(stage));
        await stage.RowAsync("terminals.list", threadId, _ => true);
        var begun = (await stage.Client.SubscribeAsync("thread", threadId)).GetProperty("terminals").EnumerateArray().Single();
        var seen = new SeenTerminal(begun);
        await File.WriteAllTextAsync(stage.Folder["go"], "");

        while (seen.Status == "running") seen.Take(await stage.Client.NextAsync());

        var kept = (await stage.RowsAsync("terminals.list", threadId)).Single();
        await Assert.That(seen.OutputLen).IsEqualTo(kept.Number("outputLen"));
        await Assert.That(seen.Gaps).IsEqualTo(0);
        await Assert.That(seen.Output.EndsWith(kept.Text("output"), StringComparison.Ordinal)).IsTrue();
        await Assert.That(kept.Text("output").EndsWith("\n600000\ncalm\n", StringComparison.Ordinal)).IsTrue();
        await Assert.That(kept.Has("truncated")).IsTrue();
        await stage.EndAsync(run);
    }

    [Test]
    public async Task A_cursor_from_the_middle_of_the_output_is_followed_by_all_of_it_after_a_restart_too()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => { await run('sh', ['-c', 'echo one; while [ ! -e go ]; do sleep 0.02; done; for i in 1 2 3; do echo $i; sleep 0.1; done']); };
            """);
        var (threadId, run) = await stage.SubmitAsync("go", more: TerminalStage.In(stage));
        await stage.RowAsync("terminals.list", threadId, row => row.Text("output") == "one\n");
        var snapshot = await stage.Client.SubscribeAsync("terminals", threadId);
        var seen = new SeenTerminal(snapshot.GetProperty("rows")[0]);
        await stage.Client.DisposeAsync();
        await File.WriteAllTextAsync(stage.Folder["go"], "");
        await using (var other = await stage.ConnectAsync())
        {
            await other.SubscribeAsync("runs", threadId);
        }

        await Deadline.UntilAsync(() => OriginalFile.Select(stage.Database, "SELECT status FROM terminals") == "exited", "the command ends");
        await stage.Server.StopAsync();
        await stage.StartServerAsync();
        var resumed = await stage.Client.RequestAsync($"\"control\":\"tvx.subscribe\",\"stream\":\"terminals\",\"threadId\":\"{threadId}\",\"since\":\"{snapshot.Text("cursor")}\"");
        await Assert.That(resumed.Text("type")).IsEqualTo("tinyvex.resumed");
        while (seen.Status == "running") seen.Take(await stage.Client.NextAsync());

        await Assert.That(seen.Output).IsEqualTo("one\n1\n2\n3\n");
        await Assert.That(run).IsNotEmpty();
    }

    [Test]
    public async Task A_reader_that_is_behind_gets_the_terminal_as_it_is()
    {
        await using var stage = await AgentStage.ScriptAsync(TerminalStage.Run + """
            prompt = async () => {
              const { result: { terminalId } } = await ask('terminal/create', { command: 'sh', args: ['-c', 'i=0; while [ ! -e go ]; do echo $i; i=$((i+1)); sleep 0.02; done'] });
              const text = 'x'.repeat(60000);
              for (let i = 0; i < 400; i++) { say(text); await (await ask('terminal/output', { terminalId })); }
              require('fs').writeFileSync('go', '');
              await ask('terminal/wait_for_exit', { terminalId });
            };
            """);
        await using var slow = await SlowClient.ConnectAsync(stage.Server);
        var created = await stage.Client.RequestAsync($"\"control\":\"tvx.create_thread\",\"workingDirectory\":{Wire.Quote(stage.Folder.Path)}");
        var threadId = created.Text("threadId");
        await slow.SendAsync($"{{\"control\":\"tvx.subscribe\",\"id\":1,\"stream\":\"thread\",\"threadId\":\"{threadId}\"}}");
        await slow.NextAsync();
        await stage.RunAsync("go", threadId);

        var seen = new SeenTerminal(default);
        while (seen.Status != "exited") seen.Take(await slow.NextAsync());

        var kept = (await stage.RowsAsync("terminals.list", threadId)).Single();
        await Assert.That(seen.Output).IsEqualTo(kept.Text("output"));
        await Assert.That(seen.Gaps).IsEqualTo(0);
    }

    private static long Memory(AgentStage stage)
    {
        stage.Server.Process.Refresh();
        return stage.Server.Process.WorkingSet64;
    }
}
