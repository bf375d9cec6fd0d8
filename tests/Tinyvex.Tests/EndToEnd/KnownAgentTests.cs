using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>The agents that Tinyvex knows, as they are published, each with the scripted model: what a person does with one.</summary>
[ParallelLimiter<RealAgentTurns>]
public class KnownAgentTests
{
    /// <summary>Some take ten seconds to start where nothing else runs, and a server waits a minute for them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private const string Written = "alpha\nline two\nline three\n";

    [Test]
    [Arguments("codex")]
    [Arguments("claude-code")]
    [Arguments("gemini")]
    [Arguments("opencode")]
    [Arguments("qwen")]
    [Arguments("codex-exec")]
    public async Task It_thinks_speaks_and_writes_a_file_that_it_shows_as_a_diff(string name)
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await RealAgent.StartAsync(name, model);
        var file = stage.Folder["notes.txt"];
        var (threadId, runId) = await stage.SubmitAsync($"MOCK: think=5;;say=I write. ;;write={file};;text=20", more: Directory(stage));
        var run = await EndAsync(stage, runId, "allow_once");
        var messages = await stage.RowsAsync("messages.list", threadId);
        var calls = await stage.RowsAsync("tool_calls.list", threadId);
        // Opencode replaces it by a word when it is done, and has it in what it asked.
        var shown = calls.Concat((await stage.RowsAsync("permissions.list", threadId)).Select(row => row.GetProperty("toolCall")));

        await Assert.That(run.GetProperty("stopReason").GetString()).IsEqualTo("end_turn").Because(run + stage.Server.Errors);
        await Assert.That(messages.Any(row => row.GetProperty("kind").GetString() == "reason" && row.GetProperty("text").GetString()!.Contains("thought4", StringComparison.Ordinal)))
            .IsTrue().Because(string.Join('\n', messages));
        await Assert.That(messages.Any(row => row.GetProperty("role").GetString() == "assistant" && row.GetProperty("text").GetString()!.Contains("quick", StringComparison.Ordinal)
            && row.GetProperty("seq").GetInt32() >= (name == "codex-exec" ? 1 : 10))).IsTrue().Because(string.Join('\n', messages));
        await Assert.That(messages.Any(row => row.GetProperty("partial").GetBoolean())).IsFalse();
        await Assert.That(shown.Any(call => HasDiff(call, file))).IsTrue().Because(string.Join('\n', calls));
        await Assert.That(calls.Any(call => call.GetProperty("kind").GetString() == "edit" && call.GetProperty("status").GetString() == "completed")).IsTrue();
        await Assert.That(await File.ReadAllTextAsync(file)).IsEqualTo(Written);
    }

    [Test]
    [Arguments("codex")]
    [Arguments("claude-code")]
    [Arguments("gemini")]
    [Arguments("opencode")]
    [Arguments("qwen")]
    public async Task A_permission_that_is_rejected_keeps_it_from_the_file_and_one_that_is_allowed_does_not(string name)
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await RealAgent.StartAsync(name, model);
        var (rejected, allowed) = (stage.Folder["rejected.txt"], stage.Folder["allowed.txt"]);
        var (threadId, first) = await stage.SubmitAsync($"MOCK: say=May I? ;;write={rejected};;say=No.", more: Directory(stage));
        await EndAsync(stage, first, "reject_once", "reject_always");
        var (_, second) = await stage.SubmitAsync($"MOCK: say=May I now? ;;write={allowed};;say=Yes.", threadId);
        var run = await EndAsync(stage, second, "allow_once");
        var permissions = await stage.RowsAsync("permissions.list", threadId);

        await Assert.That(permissions.Length).IsGreaterThanOrEqualTo(2).Because(string.Join('\n', permissions) + stage.Server.Errors);
        await Assert.That(permissions.All(row => row.GetProperty("status").GetString() == "answered")).IsTrue();
        await Assert.That(File.Exists(rejected)).IsFalse();
        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("completed").Because(run.ToString());
        await Assert.That(await File.ReadAllTextAsync(allowed)).IsEqualTo(Written);
    }

    [Test]
    [Arguments("codex")]
    [Arguments("claude-code")]
    [Arguments("gemini")]
    [Arguments("opencode")]
    [Arguments("qwen")]
    [Arguments("codex-exec")]
    public async Task It_is_cancelled_in_the_middle_and_runs_the_next_prompt(string name)
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await RealAgent.StartAsync(name, model);
        // Codex exec tells a message when it is whole, so its middle is a command.
        var script = name == "codex-exec" ? "MOCK: say=I wait. ;;shell=sleep 60" : "MOCK: delay=10;;text=20000";
        var (threadId, runId) = await stage.SubmitAsync(script, more: Directory(stage));
        await UntilInTheMiddleAsync(stage, name, threadId);
        await stage.Client.RequestAsync($"\"control\":\"run.cancel\",\"runId\":\"{runId}\"");
        var run = await stage.EndAsync(runId, Patience);
        var next = await stage.EndAsync((await stage.SubmitAsync("MOCK: say=Still here.", threadId)).RunId, Patience);
        await stage.RowAsync("messages.list", threadId, row => row.GetProperty("text").GetString()!.Contains("Still here.", StringComparison.Ordinal)
            && row.GetProperty("role").GetString() == "assistant" && !row.GetProperty("partial").GetBoolean());

        await Assert.That(run.GetProperty("status").GetString()).IsEqualTo("cancelled");
        await Assert.That(next.GetProperty("stopReason").GetString()).IsEqualTo("end_turn").Because(next + stage.Server.Errors);
    }

    [Test]
    [Arguments("codex")]
    [Arguments("claude-code")]
    [Arguments("gemini")]
    [Arguments("opencode")]
    [Arguments("qwen")]
    [Arguments("codex-exec")]
    public async Task Its_thread_goes_on_after_a_restart_of_the_server_beside_another_one(string name)
    {
        using var model = await MockModel.StartAsync();
        await using var stage = await RealAgent.StartAsync(name, model);
        var (first, run) = await stage.SubmitAsync("MOCK: say=Before the restart.", more: Directory(stage));
        await stage.EndAsync(run, Patience);
        await stage.Client.DisposeAsync();
        await stage.Server.StopAsync();
        await stage.StartServerAsync();

        // Two at once, the one that goes on and a new one.
        var (_, a) = await stage.SubmitAsync("MOCK: delay=20;;text=100;;say=A is done.", first);
        var (second, b) = await stage.SubmitAsync("MOCK: delay=20;;text=100;;say=B is done.", more: Directory(stage));
        await stage.RowAsync("runs.list", null, row => row.GetProperty("runId").GetString() == b && row.GetProperty("status").GetString() != "queued", Patience);
        var ends = new[] { await stage.EndAsync(a, Patience), await stage.EndAsync(b, Patience) };
        var messages = await stage.RowsAsync("messages.list", first);

        await Assert.That(ends.Select(end => end.GetProperty("stopReason").GetString()).Lines()).IsEqualTo("end_turn\nend_turn").Because(string.Join('\n', ends) + stage.Server.Errors);
        await Assert.That(ends[1].GetProperty("startedAt").GetInt64()).IsLessThan(ends[0].GetProperty("finishedAt").GetInt64());
        await Assert.That(messages.Count(Says("Before the restart."))).IsEqualTo(1).Because(string.Join('\n', messages));
        await Assert.That(messages.Count(Says("A is done."))).IsEqualTo(1);
        await Assert.That((await stage.RowsAsync("messages.list", second)).Count(Says("B is done."))).IsEqualTo(1);

        static Func<JsonElement, bool> Says(string text) => row =>
            row.GetProperty("role").GetString() == "assistant" && row.GetProperty("text").GetString()!.Contains(text, StringComparison.Ordinal);
    }

    private static Task UntilInTheMiddleAsync(AgentStage stage, string name, string threadId) => name == "codex-exec"
        ? stage.RowAsync("tool_calls.list", threadId, row => row.GetProperty("status").GetString() == "in_progress", Patience)
        : stage.RowAsync("messages.list", threadId, row => row.GetProperty("role").GetString() == "assistant" && row.GetProperty("seq").GetInt32() > 5, Patience);

    /// <summary>Waits for a run's end, and answers what its agent asks meanwhile with the first option of these kinds.</summary>
    private static async Task<JsonElement> EndAsync(AgentStage stage, string runId, params string[] kinds)
    {
        var end = stage.EndAsync(runId, Patience);
        while (!end.IsCompleted)
        {
            foreach (var request in await stage.RowsAsync("permissions.list"))
            {
                if (request.GetProperty("status").GetString() != "pending") continue;
                var options = request.GetProperty("options").EnumerateArray().ToList();
                var option = options.First(option => kinds.Contains(option.GetProperty("kind").GetString()));
                await stage.Client.RequestAsync(
                    $"\"control\":\"permission.respond\",\"requestId\":\"{request.GetProperty("requestId").GetString()}\",\"optionId\":{option.GetProperty("optionId").GetRawText()}");
            }

            await Task.WhenAny(end, Task.Delay(50));
        }

        return await end;
    }

    private static bool HasDiff(JsonElement call, string file) => call.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
        && content.EnumerateArray().Any(part => part.GetProperty("type").GetString() == "diff" && Path.GetFileName(part.GetProperty("path").GetString()) == Path.GetFileName(file)
            && part.GetProperty("newText").GetString() == Written);

    private static string Directory(AgentStage stage) => $",\"workingDirectory\":\"{stage.Folder.Path}\"";
}
