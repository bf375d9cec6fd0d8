using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Prompts, and what becomes of them.</summary>
public class RunTests
{
    /// <summary>An agent that waits in each turn until a file of the prompt's name is there.</summary>
    private const string WaitsForFile = """
        prompt = async text => { say('begin ' + text); while (!fs.existsSync(`${process.env.FOLDER}/${text}`)) await sleep(5); say(' end'); };
        """;

    [Test]
    public async Task A_turn_is_stored_with_the_prompt_before_the_answer()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var (threadId, runId) = await stage.SubmitAsync("hello");
        var run = await stage.EndAsync(runId);
        var messages = await stage.RowsAsync("messages.list", threadId);
        var thread = (await stage.RowsAsync("threads.list"))[0];

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("completed");
        await Assert.That(run.GetProperty("stopReason").GetString()).IsEqualTo("end_turn");
        await Assert.That(run.GetProperty("agent").GetString()).IsEqualTo("agent");
        await Assert.That(run.GetProperty("error").ValueKind).IsEqualTo(JsonValueKind.Null);
        await Assert.That(run.GetProperty("prompt")[0].GetProperty("text").GetString()).IsEqualTo("hello");
        await Assert.That(string.Join('|', messages.Select(m => $"{m.GetProperty("role").GetString()}:{m.GetProperty("text").GetString()}:{m.GetProperty("partial")}")))
            .IsEqualTo("user:hello:False|assistant:You said hello:False");
        await Assert.That(thread.GetProperty("title").GetString()).IsEqualTo("hello");
        await Assert.That(thread.GetProperty("source").GetString()).IsEqualTo("agent");
    }

    [Test]
    public async Task Prompts_to_one_thread_run_one_after_the_other()
    {
        await using var stage = await AgentStage.ScriptAsync(WaitsForFile);
        var (threadId, first) = await stage.SubmitAsync("one");
        await stage.MessageAsync(threadId, "begin one");
        var (_, second) = await stage.SubmitAsync("two", threadId);
        var queued = await stage.StateAsync(second, "queued");
        var before = await stage.RowsAsync("messages.list", threadId);
        File.WriteAllText(stage.Folder["two"], "");
        File.WriteAllText(stage.Folder["one"], "");
        await stage.EndAsync(first);
        await stage.EndAsync(second);
        var after = await stage.RowsAsync("messages.list", threadId);

        await Assert.That(queued.GetProperty("startedAt").ValueKind).IsEqualTo(JsonValueKind.Null);
        await Assert.That(before.Length).IsEqualTo(2);
        await Assert.That(string.Join('|', after.Select(m => m.GetProperty("text").GetString()))).IsEqualTo("one|begin one end|two|begin two end");
    }

    [Test]
    public async Task Threads_run_side_by_side()
    {
        await using var stage = await AgentStage.ScriptAsync(WaitsForFile);
        var (slow, _) = await stage.SubmitAsync("slow");
        await stage.MessageAsync(slow, "begin slow");
        File.WriteAllText(stage.Folder["fast"], "");
        var fast = await stage.RunAsync("fast");
        File.WriteAllText(stage.Folder["slow"], "");
        await Assert.That(fast.GetProperty("status").GetString()).IsEqualTo("completed");
    }

    [Test]
    public async Task A_prompt_of_blocks_on_many_lines_reaches_the_agent_and_is_kept()
    {
        await using var stage = await AgentStage.ScriptAsync("can({ promptCapabilities: { image: true } }); prompt = async (text, params) => say(JSON.stringify(params.prompt));");
        var reply = await stage.Client.RequestAsync("""
            "control":"run.submit","prompt":[
              {"type":"text","text":"Look: "},
              {"type":"image","mimeType":"image/png","data":"AAAA",
               "uri":"file:///a\nb"}
            ]
            """);
        var threadId = reply.GetProperty("threadId").GetString()!;
        await stage.EndAsync(reply.GetProperty("runId").GetString()!);
        var messages = await stage.RowsAsync("messages.list", threadId);

        var seen = JsonDocument.Parse(messages[1].GetProperty("text").GetString()!).RootElement;
        await Assert.That(seen[1].GetProperty("uri").GetString()).IsEqualTo("file:///a\nb");
        await Assert.That(messages[0].GetProperty("text").GetString()).IsEqualTo("Look: ");
        await Assert.That(messages[0].GetProperty("content")[1].GetProperty("data").GetString()).IsEqualTo("AAAA");
    }

    [Test]
    public async Task The_agent_works_in_the_threads_directory_and_moves_with_it()
    {
        await using var stage = await AgentStage.ScriptAsync("""
            let cwd; const open = on['session/new']; on['session/new'] = m => { cwd = m.params.cwd; open(m); };
            prompt = async () => say(`${cwd} ${process.cwd()}`);
            """);
        var (a, b) = (Directory.CreateDirectory(stage.Folder["a"]).FullName, Directory.CreateDirectory(stage.Folder["b"]).FullName);
        var (threadId, first) = await stage.SubmitAsync("where", more: $",\"workingDirectory\":\"{a}\"");
        await stage.EndAsync(first);
        await stage.MessageAsync(threadId, $"{a} {a}");
        await stage.RunAsync("where", threadId, $",\"workingDirectory\":\"{b}\"");
        await stage.MessageAsync(threadId, $"{b} {b}");
        var (other, _) = await stage.SubmitAsync("where");
        await stage.MessageAsync(other, $"{Environment.CurrentDirectory} {Environment.CurrentDirectory}");
    }

    [Test]
    public async Task A_directory_that_is_not_there_fails_the_run_by_name()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var run = await stage.RunAsync("where", more: ",\"workingDirectory\":\"/no/such/place\"");
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("failed");
        await Assert.That(run.GetProperty("error").GetProperty("message").GetString()).Contains("/no/such/place");
    }

    [Test]
    public async Task A_deleted_thread_takes_its_run_and_its_agent_with_it()
    {
        await using var stage = await AgentStage.ScriptAsync("prompt = async () => { permit(); await never; };");
        var (threadId, _) = await stage.SubmitAsync("wait");
        await stage.PendingAsync();
        await stage.Client.RequestAsync($"\"control\":\"tvx.delete_thread\",\"threadId\":\"{threadId}\"");
        await Deadline.UntilAsync(() => stage.Alive().Count == 0, "the agent is gone");

        await Assert.That(await stage.RowsAsync("runs.list")).IsEmpty();
        await Assert.That(await stage.RowsAsync("permissions.list")).IsEmpty();
    }

    [Test]
    public async Task An_unknown_agent_is_refused_and_nothing_is_stored()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var reply = await stage.Client.RequestAsync("\"control\":\"run.submit\",\"text\":\"x\",\"agent\":\"nobody\"");
        await Assert.That(reply.GetProperty("code").GetString()).IsEqualTo("agent_unavailable");
        await Assert.That(await stage.RowsAsync("threads.list")).IsEmpty();
    }

    [Test]
    public async Task The_built_in_replay_agent_plays_without_being_configured()
    {
        await using var stage = await AgentStage.ScriptAsync("");
        var (threadId, runId) = await stage.SubmitAsync("play", more: ",\"agent\":\"replay\"");
        await stage.RowAsync("messages.list", threadId, row => row.GetProperty("role").GetString() != "user");
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        var run = await stage.EndAsync(runId);
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
    }
}
