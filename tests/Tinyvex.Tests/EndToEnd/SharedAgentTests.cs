using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>An agent that several threads share: one process, and a session for each.</summary>
public class SharedAgentTests
{
    private const string Sessions = """
        let last = 0; const stops = new Map();
        on['session/new'] = m => {
          const sessionId = `s${++last}`;
          update({ sessionUpdate: 'available_commands_update', availableCommands: [{ name: 'early-' + sessionId, description: '' }] }, sessionId);
          reply(m.id, { sessionId });
        };
        on['session/resume'] = m => reply(m.id, {});
        on['session/cancel'] = m => stops.get(m.params.sessionId)?.();
        prompt = async (text, { sessionId }) => {
          const stopped = new Promise(done => stops.set(sessionId, done));
          if (text === 'die') process.exit(4);
          say(`${text} in ${sessionId} of ${process.pid}`, sessionId);
          if (text.startsWith('wait')) { await stopped; return 'cancelled'; }
        };
        can({ sessionCapabilities: { resume: {}, close: {}, delete: {} } });
        on['session/close'] = on['session/delete'] = m => reply(m.id, {});
        """;

    private static async Task<AgentStage> StartAsync(string script = Sessions, params string[] arguments)
    {
        var folder = new TempFolder();
        AgentScript.Write(folder, script, "together");
        File.WriteAllText(folder["agents.json"], $$$"""{"agents":{"together":{"command":["node","{{{folder["together.cjs"]}}}"],"shared":true} } }""");
        return await AgentStage.StartAsync(folder, "no-such-agent", ["--default-agent", "together", .. arguments]);
    }

    private static async Task<string> AnswerAsync(AgentStage stage, string threadId) =>
        (await stage.RowAsync("messages.list", threadId, row => row.GetProperty("role").GetString() == "assistant")).GetProperty("text").GetString()!;

    [Test]
    public async Task Threads_share_a_process_and_each_hears_of_its_own_session()
    {
        await using var stage = await StartAsync();
        var submitted = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => stage.SubmitAsync($"wait {i}")));
        var answers = await Task.WhenAll(submitted.Select(one => AnswerAsync(stage, one.ThreadId)));
        var agents = await stage.RowAsync("server.info", null, _ => true);
        var states = new List<string>();
        foreach (var (threadId, _) in submitted)
        {
            states.Add((await stage.RowsAsync("state.get", threadId))[0].GetProperty("availableCommands")[0].GetProperty("name").GetString()!);
        }

        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{submitted[2].RunId}\"");
        var cancelled = await stage.EndAsync(submitted[2].RunId);
        var running = await stage.StateAsync(submitted[3].RunId, "running");

        await Assert.That(answers.Select(text => text.Split(' ')[^1]).Distinct().Count()).IsEqualTo(1).Because(answers.Lines());
        await Assert.That(agents.GetProperty("agents").GetInt32()).IsEqualTo(1);
        for (var i = 0; i < 5; i++)
        {
            var session = answers[i].Split(' ')[3];
            await Assert.That(answers[i]).StartsWith($"wait {i} in ");
            await Assert.That(states[i]).IsEqualTo("early-" + session);
        }

        await Assert.That(cancelled.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(running.GetProperty("status").GetString()).IsEqualTo("running");
    }

    [Test]
    public async Task Its_crash_ends_the_runs_that_it_carried_and_each_thread_goes_on()
    {
        await using var stage = await StartAsync();
        var (one, waiting) = await stage.SubmitAsync("wait");
        await AnswerAsync(stage, one);
        var (two, first) = await stage.SubmitAsync("hello");
        await stage.EndAsync(first);
        var died = await stage.RunAsync("die", two);
        var carried = await stage.EndAsync(waiting);
        var next = await Task.WhenAll(stage.RunAsync("on", one), stage.RunAsync("on", two));
        var resumed = stage.Calls("session/resume").Select(call => call.GetProperty("sessionId").GetString()).Order();

        await Assert.That(died.GetProperty("error").GetProperty("message").GetString()).IsEqualTo("agent 'together' exited with code 4");
        await Assert.That(carried.GetProperty("error").GetProperty("message").GetString()).IsEqualTo("agent 'together' exited with code 4");
        await Assert.That(next.All(run => run.GetProperty("status").GetString() == "completed")).IsTrue();
        await Assert.That(string.Join(' ', resumed)).IsEqualTo("s1 s2");
        await stage.RowAsync("messages.list", two, row => row.GetProperty("text").GetString()!.StartsWith("on in s2", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_thread_that_is_deleted_has_its_session_forgotten_and_the_others_keep_the_process()
    {
        await using var stage = await StartAsync();
        var (one, first) = await stage.SubmitAsync("one");
        await stage.EndAsync(first);
        var (two, second) = await stage.SubmitAsync("two");
        await stage.EndAsync(second);
        await stage.Client.RequestAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{one}\"");
        await Deadline.UntilAsync(() => stage.Calls("session/delete").Count == 1, "the session is forgotten");
        await stage.RunAsync("again", two);

        await Assert.That(stage.Calls("session/delete")[0].GetProperty("sessionId").GetString()).IsEqualTo("s1");
        await Assert.That((await stage.RowsAsync("messages.list", two)).Select(row => row.GetProperty("text").GetString()!.Split(' ')[^1]).Distinct().Count()).IsEqualTo(3);
        await stage.Client.RequestAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{two}\"");
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "nobody needs the process any more");
    }

    [Test]
    public async Task A_session_that_ignores_its_cancel_is_left_and_the_others_go_on()
    {
        await using var stage = await StartAsync(Sessions + "on['session/cancel'] = () => {};");
        var (one, stuck) = await stage.SubmitAsync("wait one");
        await AnswerAsync(stage, one);
        var (two, other) = await stage.SubmitAsync("wait two");
        var process = (await AnswerAsync(stage, two)).Split(' ')[^1];
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{stuck}\"");
        var cancelled = await stage.EndAsync(stuck);
        var next = await stage.RunAsync("on", one);
        var bystander = await stage.StateAsync(other, "running");
        var answer = await stage.RowAsync("messages.list", one, row => row.GetProperty("text").GetString()!.StartsWith("on in", StringComparison.Ordinal));

        await Assert.That(cancelled.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(next.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(bystander.GetProperty("status").GetString()).IsEqualTo("running");
        await Assert.That(answer.GetProperty("text").GetString()).IsEqualTo($"on in s3 of {process}");
        await Assert.That(stage.LastPrompt()[0]).Contains("User: wait one");
    }
}
