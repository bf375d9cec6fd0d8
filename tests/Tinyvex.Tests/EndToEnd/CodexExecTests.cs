using System.Text.Json;
using Tinyvex.Tests.CodexExec;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>The agent codex-exec of a server, with a codex that does what the test wants.</summary>
public class CodexExecTests
{
    [Test]
    public async Task A_turn_is_a_process_of_codex_and_the_next_one_goes_on_with_its_thread()
    {
        await using var stage = await StartAsync();
        var (threadId, first) = await stage.SubmitAsync("Hello", more: ",\"agent\":\"codex-exec\"");
        var end = await stage.EndAsync(first);
        var second = await stage.RunAsync("More", threadId);
        await stage.MessageAsync(threadId, "Echo: Hello", partial: false);
        await stage.MessageAsync(threadId, "Echo: More", partial: false);
        var usage = (await stage.RowsAsync("state.get", threadId))[0].GetProperty("usage");
        var calls = FakeCodex.Calls(stage.Folder);

        await Assert.That((end.Text("stopReason"), second.Text("stopReason"))).IsEqualTo(("end_turn", "end_turn"));
        await Assert.That(FakeCodex.Arguments(calls[0])).StartsWith("exec --json --skip-git-repo-check --cd ").And.EndsWith(" -").And.DoesNotContain("resume");
        await Assert.That(FakeCodex.Arguments(calls[1])).Contains(" resume thread-1 -");
        await Assert.That(calls[0].Text("prompt")).IsEqualTo("Hello");
        // What the model's context holds is not in the events; the sum of all that was used is.
        await Assert.That((usage.GetProperty("used").GetInt64(), usage.GetProperty("size").GetInt64())).IsEqualTo((9, 0));
    }

    [Test]
    [Arguments("fail", "agent_error", "The model is out of breath", 1)]
    [Arguments("crash", "agent_error", "codex exec ended with exit code 7: thread main panicked", 7)]
    [Arguments("stop", "agent_error", "codex exec ended before its turn did", 0)]
    public async Task A_turn_that_fails_says_why_and_how_codex_ended(string prompt, string code, string message, int exitCode)
    {
        await using var stage = await StartAsync();
        var run = await stage.RunAsync(prompt, more: ",\"agent\":\"codex-exec\"");
        var error = run.GetProperty("error");

        await Assert.That((run.Text("status"), error.Text("code"), error.Text("message"))).IsEqualTo(("failed", code, message));
        await Assert.That(error.GetProperty("data").GetProperty("data").GetProperty("exitCode").GetInt32()).IsEqualTo(exitCode);
    }

    [Test]
    public async Task A_codex_that_wants_a_login_is_known_for_it()
    {
        await using var stage = await StartAsync();
        var before = await AgentAsync(stage);
        var run = await stage.RunAsync("login", more: ",\"agent\":\"codex-exec\"");
        var wanting = await AgentAsync(stage);
        await stage.RunAsync("Hello", more: ",\"agent\":\"codex-exec\"");

        await Assert.That((before.GetProperty("wantsLogin").ValueKind, before.Text("source"), before.Text("command"))).IsEqualTo((JsonValueKind.Null, "known", "codex"));
        await Assert.That(run.GetProperty("error").Text("code")).IsEqualTo("agent_unavailable");
        await Assert.That(run.GetProperty("error").Text("message")).Contains("Log in with codex login");
        await Assert.That((wanting.GetProperty("wantsLogin").GetBoolean(), wanting.Text("login"))).IsEqualTo((true, "codex login"));
        await Assert.That((await AgentAsync(stage)).GetProperty("wantsLogin").GetBoolean()).IsFalse();
        // No package says it, so the program was asked.
        await stage.RowAsync("agents.list", null, row => row.Text("name") == "codex-exec" && row.GetProperty("version").GetString() == "1.2.3");
    }

    [Test]
    public async Task A_cancel_ends_codex_and_all_that_it_started()
    {
        await using var stage = await StartAsync();
        var (threadId, runId) = await stage.SubmitAsync("wait", more: ",\"agent\":\"codex-exec\"");
        await stage.RowAsync("tool_calls.list", threadId, row => row.Text("status") == "in_progress");
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        var run = await stage.EndAsync(runId);
        var call = (await stage.RowsAsync("tool_calls.list", threadId))[0];
        var next = await stage.RunAsync("Hello", threadId);

        await Assert.That((run.Text("status"), call.Text("status"), next.Text("stopReason"))).IsEqualTo(("cancelled", "failed", "end_turn"));
        if (OperatingSystem.IsLinux()) await Deadline.UntilAsync(() => !stage.Alive().Any(IsOfCodex), "nothing of codex is left");
    }

    [Test]
    public async Task A_thread_that_codex_has_lost_begins_anew_with_the_prompt_after()
    {
        await using var stage = await StartAsync();
        var (threadId, first) = await stage.SubmitAsync("Hello", more: ",\"agent\":\"codex-exec\"");
        await stage.EndAsync(first);
        var lost = await stage.RunAsync("lost", threadId);
        var next = await stage.RunAsync("Hello again", threadId);

        await Assert.That(lost.GetProperty("error").Text("message")).Contains("no rollout found").And.Contains("the next prompt begins a new conversation");
        await Assert.That(next.Text("status")).IsEqualTo("completed");
        await Assert.That(FakeCodex.Arguments(FakeCodex.Calls(stage.Folder)[2])).DoesNotContain("resume");
    }

    [Test]
    public async Task An_image_is_handed_over_as_a_file_and_a_sound_is_refused()
    {
        await using var stage = await StartAsync();
        var image = await SubmitAsync(stage, """[{"type":"text","text":"See"},{"type":"image","mimeType":"image/png","data":"aGk="},{"type":"resource","resource":{"uri":"file:///a","text":"A"}}]""");
        var sound = await stage.Client.RequestAsync("\"control\":\"run.submit\",\"agent\":\"codex-exec\",\"prompt\":[{\"type\":\"audio\",\"mimeType\":\"audio/wav\",\"data\":\"aGk=\"}]");
        var call = FakeCodex.Calls(stage.Folder).Single();
        var file = FakeCodex.Arguments(call).Split(' ').Single(word => word.StartsWith("--image=", StringComparison.Ordinal))["--image=".Length..];

        await Assert.That(image.Text("status")).IsEqualTo("completed").Because(image.ToString());
        await Assert.That((call.GetProperty("images")[0].GetString(), call.Text("prompt"))).IsEqualTo(("hi", "See\n\n<resource uri=\"file:///a\">\nA\n</resource>"));
        await Assert.That(File.Exists(file)).IsFalse();
        await Assert.That(sound.Text("type")).IsEqualTo("tinyvex.error").Because(sound.ToString());
    }

    private static bool IsOfCodex(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline") is var line && (line.Contains("sleep", StringComparison.Ordinal) || line.Contains("--skip-git-repo-check", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // It went while it was looked at.
            return false;
        }
    }

    private static async Task<AgentStage> StartAsync()
    {
        if (OperatingSystem.IsWindows()) Skip.Test("the codex of these tests is a script");
        var folder = new TempFolder();
        var path = FakeCodex.Write(folder) + ":" + Environment.GetEnvironmentVariable("PATH");
        return await AgentStage.StartAsync(folder, "unused", environment: new() { ["PATH"] = path, ["CODEX_HOME"] = folder["home"] });
    }

    private static async Task<JsonElement> AgentAsync(AgentStage stage) => (await stage.RowsAsync("agents.list")).Single(row => row.Text("name") == "codex-exec");

    private static async Task<JsonElement> SubmitAsync(AgentStage stage, string prompt)
    {
        var reply = await stage.Client.RequestAsync($"\"control\":\"run.submit\",\"agent\":\"codex-exec\",\"prompt\":{prompt}");
        return await stage.EndAsync(reply.GetProperty("runId").GetString()!);
    }
}
