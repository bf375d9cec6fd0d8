using System.Diagnostics;
using System.Text.Json;
using Tinyvex.Guarding;
using Tinyvex.Tests.Guarding;
using Tinyvex.Tests.Support;
using TUnit.Core.Enums;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>The end of agents, and of all that they started.</summary>
[RunOn(OS.Linux)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public class AgentEndTests
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    /// <summary>An agent with descendants that resist: they ignore SIGTERM, and some leave for a session of their own.</summary>
    private static readonly string HasFamily = $$"""
        process.on('SIGTERM', () => {}); atEnd = () => {};
        const script = "{{JsonEncodedText.Encode(Families.IgnoresTerm + Families.OwnSession + Families.Daemon + "wait")}}";
        prompt = async () => {
          spawn('bash', ['-c', script], { stdio: 'ignore', detached: true, env: { ...process.env, STAGE: process.env.FOLDER } });
          while (!['IgnoresTerm', 'OwnSession', 'Daemon'].every(name => fs.existsSync(process.env.FOLDER + '/' + name))) await sleep(10);
          say('begun'); await never;
        };
        """;

    [Test]
    public async Task A_killed_server_takes_every_descendant_with_it_and_closes_its_runs_when_it_is_back()
    {
        await using var stage = await AgentStage.ScriptAsync(HasFamily);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "begun", partial: true);
        var (_, queued) = await stage.SubmitAsync("more", threadId);
        var before = stage.Alive().Count;

        await stage.Server.KillAsync();
        await Deadline.UntilAsync(() => stage.Alive().Count == 0 && stage.Alive().Count == 0, "all are gone", Promise);
        await stage.Client.DisposeAsync();
        await stage.Server.DisposeAsync();
        await stage.StartServerAsync();
        var run = await stage.EndAsync(runId);
        await stage.MessageAsync(threadId, "begun", partial: false);

        // Guard, agent, and three descendants at least.
        await Assert.That(before).IsGreaterThanOrEqualTo(5);
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("failed");
        await Assert.That(run.GetProperty("error").GetProperty("message").GetString()).Contains("the server ended");
        await Assert.That((await stage.EndAsync(queued)).GetProperty("status").GetString()).IsEqualTo("failed");
    }

    [Test]
    [Arguments(false)]
    [Arguments(true)]
    public async Task A_server_that_is_asked_to_stop_ends_all_agents_within_three_seconds(bool resist)
    {
        await using var stage = await AgentStage.ScriptAsync(
            resist ? HasFamily : "prompt = async () => { say('begun'); await cancelled; say(' and ended'); return 'cancelled'; };");
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "begun", partial: true);
        var (_, queued) = await stage.SubmitAsync("more", threadId);
        var watch = Stopwatch.StartNew();
        _ = LibC.Kill(stage.Server.Id, LibC.SigTerm);
        await stage.Server.Process.WaitForExitAsync(Deadline.Token());
        var took = watch.Elapsed;
        var left = stage.Alive();
        var code = stage.Server.Process.ExitCode;
        var log = stage.Server.Errors;
        await stage.Client.DisposeAsync();
        await stage.Server.DisposeAsync();
        await stage.StartServerAsync();
        await stage.MessageAsync(threadId, resist ? "begun" : "begun and ended", partial: false);

        await Assert.That(code).IsEqualTo(0).Because(log);
        await Assert.That(left).IsEmpty().Because(log);
        await Assert.That(took).IsLessThan(TimeSpan.FromSeconds(3)).Because(log);
        await Assert.That((await stage.EndAsync(runId)).GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That((await stage.EndAsync(queued)).GetProperty("status").GetString()).IsEqualTo("cancelled");
    }

    [Test]
    public async Task A_server_that_stops_while_agents_start_leaves_none_behind()
    {
        await using var stage = await AgentStage.ScriptAsync("on.initialize = () => {}; process.on('SIGTERM', () => {}); atEnd = () => {};");
        var (_, runId) = await stage.SubmitAsync("one");
        await stage.StateAsync(runId, "running");
        for (var i = 0; i < 5; i++) await stage.SubmitAsync("more");
        var code = await stage.Server.StopAsync();
        await Assert.That(code).IsEqualTo(0).Because(stage.Server.Errors);
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "all are gone", Promise);
    }

    [Test]
    public async Task What_an_agent_leaves_behind_ends_with_it_and_the_next_prompt_starts_a_new_one()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async text => {
              if (text !== 'die') return;
              spawn('sleep', ['60'], { stdio: 'ignore', detached: true }).unref();
              setTimeout(() => process.exit(0), 30);
            };
            """);
        var (threadId, runId) = await stage.SubmitAsync("die");
        var run = await stage.EndAsync(runId);
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "nothing is left");
        await stage.RowAsync("server.info", null, row => row.GetProperty("agents").GetInt32() == 0);
        var next = await stage.RunAsync("live", threadId);

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed");
    }

    [Test]
    public async Task The_idle_agent_makes_room_and_with_all_at_work_a_run_fails()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async text => { say(text); if (text === 'busy') await cancelled; };", ["--max-agents", "1"]);
        var (first, run) = await stage.SubmitAsync("one");
        await stage.EndAsync(run);
        var (second, busy) = await stage.SubmitAsync("busy");
        // What the agent said, not the prompt: until it has begun, its predecessor may be alive.
        await stage.RowAsync("messages.list", second, row => row.Text("text") == "busy" && row.Text("role") == "assistant");
        await stage.RowAsync("server.info", null, row => row.GetProperty("agents").GetInt32() == 1);
        var refused = await stage.RunAsync("two", first);
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{busy}\"");
        await stage.EndAsync(busy);
        var together = await Task.WhenAll(stage.RunAsync("two", first), stage.RunAsync("three", second));

        await Assert.That(refused.GetProperty("error").GetProperty("code").GetString()).IsEqualTo("overloaded");
        await Assert.That(together.Count(row => row.GetProperty("status").GetString() == "completed")).IsGreaterThanOrEqualTo(1);
    }

    [Test]
    public async Task An_agent_named_by_a_relative_path_is_the_one_beside_the_server()
    {
        using var folder = new TempFolder();
        using var elsewhere = new TempFolder();
        AgentScript.Write(folder, "", "mine");
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder["run"]);
        File.WriteAllText(folder["run"], $"#!/bin/sh\nexec node {folder["mine.cjs"]}\n");
        File.SetUnixFileMode(folder["run"], (UnixFileMode)0b111_101_101);
        await using var stage = await AgentStage.CommandAsync(relative);
        var run = await stage.RunAsync("go", more: $",\"workingDirectory\":\"{elsewhere.Path}\"");
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("completed").Because(run.ToString());
    }
}
