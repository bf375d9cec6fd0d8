using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Turns in which nothing is heard for long.</summary>
public class SilenceTests
{
    private static bool IsStalled(JsonElement run) => run.GetProperty("stalledAt").ValueKind == JsonValueKind.Number;

    [Test]
    public async Task A_silent_turn_is_shown_as_stalled_until_the_agent_talks_again()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => { say('begin'); while (!fs.existsSync(process.env.FOLDER + '/talk')) await sleep(5); say(' again'); await cancelled; return 'cancelled'; };
            """, ["--stalled-after", "1s"]);
        var (threadId, runId) = await stage.SubmitAsync("go");
        var stalled = await stage.RowAsync("runs.list", threadId, IsStalled);
        File.WriteAllText(stage.Folder["talk"], "");
        await stage.RowAsync("runs.list", threadId, row => !IsStalled(row));
        var again = await stage.RowAsync("runs.list", threadId, IsStalled);
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        var ended = await stage.EndAsync(runId);

        await Assert.That(stalled.GetProperty("status").GetString()).IsEqualTo("running");
        await Assert.That(stalled.GetProperty("stalledAt").GetInt64()).IsGreaterThanOrEqualTo(stalled.GetProperty("startedAt").GetInt64() - 50);
        await Assert.That(again.GetProperty("stalledAt").GetInt64()).IsGreaterThan(stalled.GetProperty("stalledAt").GetInt64());
        await Assert.That(IsStalled(ended)).IsFalse();
    }

    [Test]
    public async Task An_agent_that_waits_for_a_person_is_not_stalled()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async text => { if (text === 'ask') await permit(); else { say('quiet'); await cancelled; return 'cancelled'; } };
            """, ["--stalled-after", "1s"]);
        var (asking, run) = await stage.SubmitAsync("ask");
        var requestId = await stage.PendingAsync();
        // One that began later is stalled by now, and so this one would be too.
        var (silent, _) = await stage.SubmitAsync("be quiet");
        await stage.RowAsync("runs.list", silent, IsStalled);
        var waiting = (await stage.RowsAsync("runs.list", asking))[0];
        await stage.Client.RequestAsync($"\"control\":\"permission.respond\",\"requestId\":\"{requestId}\",\"optionId\":\"yes\"");

        await Assert.That(IsStalled(waiting)).IsFalse();
        await Assert.That((await stage.EndAsync(run)).GetProperty("status").GetString()).IsEqualTo("completed");
    }

    [Test]
    public async Task A_request_that_the_agent_withdraws_is_cancelled()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            prompt = async () => {
              const answer = permit('c1', 'mine');
              while (!fs.existsSync(process.env.FOLDER + '/withdraw')) await sleep(5);
              send({ method: '$/cancel_request', params: { requestId: 'other' } });
              send({ method: '$/cancel_request', params: { requestId: 'mine' } });
              say(JSON.stringify((await answer).result.outcome));
            };
            """);
        var (threadId, _) = await stage.SubmitAsync("go");
        await stage.PendingAsync();
        File.WriteAllText(stage.Folder["withdraw"], "");
        await stage.MessageAsync(threadId, """{"outcome":"cancelled"}""");
        await Assert.That((await stage.RowsAsync("permissions.list", threadId))[0].GetProperty("status").GetString()).IsEqualTo("cancelled");
    }
}
