using System.Diagnostics;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Runs that end before their time.</summary>
public class RunCancelTests
{
    private const string WaitsForCancel = "prompt = async text => { say('begin ' + text); await cancelled; say(' stopped'); return 'cancelled'; };";

    private static Task<JsonElement> CancelAsync(AgentStage stage, string runId) =>
        stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");

    [Test]
    public async Task A_running_run_ends_when_the_agent_says_so()
    {
        await using var stage = await AgentStage.ScriptAsync(WaitsForCancel);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "begin go");
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"threadId\":\"{threadId}\"");
        var run = await stage.EndAsync(runId);
        var again = await CancelAsync(stage, runId);

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(run.GetProperty("stopReason").GetString()).IsEqualTo("cancelled");
        // What came before the cancel is a message of its own.
        await stage.MessageAsync(threadId, "begin go", partial: false);
        await stage.MessageAsync(threadId, " stopped", partial: false);
        await Assert.That(again.GetProperty("code").GetString()).IsEqualTo("conflict");
    }

    [Test]
    public async Task A_queued_run_never_starts()
    {
        await using var stage = await AgentStage.ScriptAsync(WaitsForCancel);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.MessageAsync(threadId, "begin one");
        var (_, second) = await stage.SubmitAsync("two", threadId);
        var reply = await CancelAsync(stage, second);
        var queued = await stage.EndAsync(second);
        await CancelAsync(stage, first);
        await stage.EndAsync(first);

        await Assert.That(reply.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack");
        await Assert.That(queued.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That((await stage.RowsAsync("messages.list", threadId)).Any(row => row.GetProperty("text").GetString() == "two")).IsFalse();
    }

    [Test]
    public async Task With_nothing_running_a_cancel_is_acknowledged_and_the_next_prompt_runs()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var (threadId, runId) = await stage.SubmitAsync("one");
        await stage.EndAsync(runId);
        var reply = await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"threadId\":\"{threadId}\"");
        var next = await stage.RunAsync("two", threadId);
        var nowhere = await stage.Client.RequestAsync("\"control\":\"run.cancel\",\"threadId\":\"none\"");

        await Assert.That(reply.GetProperty("type").GetString()).IsEqualTo("tinyvex.ack");
        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(nowhere.GetProperty("code").GetString()).IsEqualTo("not_found");
    }

    [Test]
    public async Task A_cancel_right_behind_the_submit_is_not_lost()
    {
        await using var stage = await AgentStage.ScriptAsync(WaitsForCancel);
        for (var i = 0; i < 10; i++)
        {
            var (threadId, runId) = await stage.SubmitAsync("go");
            await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"threadId\":\"{threadId}\"");
            var run = await stage.EndAsync(runId);
            await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        }

        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "no start was left behind");
    }

    [Test]
    public async Task An_agent_that_is_silent_at_its_start_is_cancelled_at_once()
    {
        await using var stage = await AgentStage.ScriptAsync("on.initialize = () => {};");
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.StateAsync(runId, "running");
        await Deadline.UntilAsync(() => stage.Alive().Count > 1, "the agent is there");
        var watch = Stopwatch.StartNew();
        await CancelAsync(stage, runId);
        var run = await stage.EndAsync(runId);

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(watch.Elapsed).IsLessThan(TimeSpan.FromSeconds(8));
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "the agent is gone");
    }

    [Test]
    public async Task An_agent_that_ignores_the_cancel_is_killed_after_ten_seconds_and_the_next_prompt_gets_a_new_one()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            process.on('SIGTERM', () => {}); atEnd = () => {};
            prompt = async text => { if (text === 'next') return; say('busy'); await never; };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "busy");
        var watch = Stopwatch.StartNew();
        await CancelAsync(stage, runId);
        var run = await stage.EndAsync(runId);
        var took = watch.Elapsed;
        var next = await stage.RunAsync("next", threadId);

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(took).IsBetween(TimeSpan.FromSeconds(9.9), TimeSpan.FromSeconds(15));
        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed");
    }

    [Test]
    public async Task An_agent_that_never_reads_a_huge_prompt_can_be_cancelled()
    {
        await using var stage = await AgentStage.ScriptAsync("on['session/new'] = m => { reply(m.id, { sessionId: 's1' }); process.stdin.pause(); say('deaf'); };");
        var (threadId, runId) = await stage.SubmitAsync(new string('x', 8_000_000));
        await stage.MessageAsync(threadId, "deaf");
        await CancelAsync(stage, runId);
        var run = await stage.EndAsync(runId);
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "the agent is gone");
    }

    [Test]
    public async Task An_error_in_answer_to_a_cancel_is_a_cancelled_run()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            on['session/prompt'] = async m => { say('begin'); await cancelled; fail(m.id, -32603, 'aborted'); };
            """);
        var (threadId, runId) = await stage.SubmitAsync("go");
        await stage.MessageAsync(threadId, "begin");
        await CancelAsync(stage, runId);
        var run = await stage.EndAsync(runId);
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(run.GetProperty("error").ValueKind).IsEqualTo(JsonValueKind.Null);
    }
}
