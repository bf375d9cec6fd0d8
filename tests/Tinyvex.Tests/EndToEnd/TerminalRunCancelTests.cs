using System.Diagnostics;
using Tinyvex.Hosting;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary><c>tinyvex run</c> that ends before its turn would have.</summary>
public class TerminalRunCancelTests
{
    /// <summary>Needs a moment to end its turn, and says so.</summary>
    private const string Careful = "prompt = async () => { say('Working'); await cancelled; await sleep(100); say(' and tidied up'); return 'cancelled'; };";

    private const string Deaf = "prompt = async () => { say('Working'); await never; };";

    private static string[] Run(TempFolder folder, string script) =>
        ["run", "--db", folder["t.db"], "--agent", "agent=" + AgentScript.Write(folder, script), "Hello"];

    [Test]
    public async Task Ctrl_C_of_the_terminal_cancels_the_turn_and_spares_the_agent()
    {
        using var folder = new TempFolder();
        await using var run = RunProcess.StartInOwnGroup(Run(folder, Careful));
        await run.UntilAsync("Working");
        // As a terminal does it: to the whole group.
        await Signals.SendToGroupAsync("INT", run.Id);

        await Assert.That(await run.EndAsync()).IsEqualTo(130);
        await Assert.That(run.Output).Contains("and tidied up");
        await Assert.That(run.Errors).Contains("Cancelling the turn").And.Contains("The turn was cancelled.");
    }

    [Test]
    public async Task A_second_one_quits_at_once_and_takes_its_own_server_and_agent_along()
    {
        using var folder = new TempFolder();
        await using var run = RunProcess.Start(Run(folder, Deaf));
        await run.UntilAsync("Working");
        var alive = AgentOf(folder, run);
        var watch = Stopwatch.StartNew();
        await Signals.SendAsync("INT", run.Id);
        await run.UntilAsync("Cancelling the turn");
        await Signals.SendAsync("INT", run.Id);

        await Assert.That(await run.EndAsync()).IsEqualTo(130);
        // An agent has ten seconds to end a cancelled turn; nobody waited for them.
        await Assert.That(watch.Elapsed).IsLessThan(TimeSpan.FromSeconds(8));
        await Assert.That(alive).IsNotEmpty();
        await Deadline.UntilAsync(() => AgentOf(folder, run).Count == 0, "the agent is gone");
        await Assert.That(File.Exists(RuntimeFile.PathOf(folder["t.db"]))).IsFalse();
        await Assert.That(InstanceLock.IsTaken(folder["t.db"])).IsFalse();
    }

    [Test]
    [Arguments("TERM", 143)]
    [Arguments("HUP", 129)]
    public async Task Other_signals_quit_and_the_turn_goes_along(string signal, int expected)
    {
        await using var stage = await AgentStage.ScriptAsync(Careful);
        await using var run = RunProcess.Start(["run", "--db", stage.Folder["t.db"], "Hello"]);
        await run.UntilAsync("Working");
        await Signals.SendAsync(signal, run.Id);

        await Assert.That(await run.EndAsync()).IsEqualTo(expected);
        await stage.RowAsync("runs.list", null, row => row.GetProperty("status").GetString() == "cancelled");
    }

    [Test]
    public async Task A_turn_whose_output_nobody_reads_any_more_ends_quietly()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("Windows does not tell");
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { say('one\\ntwo\\n'); await cancelled; return 'cancelled'; };");
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", "\"$0\" run --db \"$1\" Hello < /dev/null | head -1; echo ${PIPESTATUS[0]}", TestBinary.Path, stage.Folder["t.db"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await shell.StandardOutput.ReadToEndAsync(Deadline.Token());
        var errors = await shell.StandardError.ReadToEndAsync(Deadline.Token());

        await Assert.That(output).IsEqualTo("one\n141\n");
        await Assert.That(errors).IsEqualTo("");
        await stage.RowAsync("runs.list", null, row => row.GetProperty("status").GetString() == "cancelled");
    }

    [Test]
    public async Task A_run_that_another_client_cancels_is_told_as_such()
    {
        await using var stage = await AgentStage.ScriptAsync(Careful);
        await using var run = RunProcess.Start(["run", "--db", stage.Folder["t.db"], "Hello"]);
        await run.UntilAsync("Working");
        var runId = (await stage.RowsAsync("runs.list"))[0].GetProperty("runId").GetString();
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");

        await Assert.That(await run.EndAsync()).IsEqualTo(130);
        await Assert.That(run.Errors).Contains("The turn was cancelled.");
    }

    [Test]
    public async Task A_server_that_is_killed_is_told_as_gone()
    {
        await using var stage = await AgentStage.ScriptAsync(Deaf);
        await using var run = RunProcess.Start(["run", "--db", stage.Folder["t.db"], "Hello"]);
        await run.UntilAsync("Working");
        await stage.Server.KillAsync();

        await Assert.That(await run.EndAsync()).IsEqualTo(1);
        await Assert.That(run.Errors).Contains("The server is gone").And.DoesNotContain("   at ");
    }

    [Test]
    public async Task One_that_has_to_wait_for_another_says_so_and_prints_its_own_turn_alone()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async text => { say('Working on ' + text); if (text === 'first') await cancelled; };");
        var (threadId, runId) = await stage.SubmitAsync("first");
        await stage.MessageAsync(threadId, "Working on first");
        await using var run = RunProcess.Start(["run", "--db", stage.Folder["t.db"], "--thread", threadId, "second"]);
        await run.UntilAsync("Another prompt is under way");
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");

        await Assert.That(await run.EndAsync()).IsEqualTo(0);
        await Assert.That(run.Output).IsEqualTo("Working on second\n");
    }

    /// <summary>The agent whose script lies in the folder, and its guard.</summary>
    private static List<int> AgentOf(TempFolder folder, RunProcess run)
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("processes are looked for in /proc");
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out var pid) || pid == run.Id) continue;
            try
            {
                if (File.ReadAllText(directory + "/cmdline").Contains(folder["agent.cjs"], StringComparison.Ordinal)) found.Add(pid);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Gone since, or not ours.
            }
        }

        return found;
    }
}
