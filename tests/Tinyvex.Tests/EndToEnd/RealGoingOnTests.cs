using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>Conversations that began elsewhere, in an editor or in the agent's own program, and go on in Tinyvex with the same agent.</summary>
[ParallelLimiter<RealAgentTurns>]
public class RealGoingOnTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    [Test]
    [Arguments("codex", "codex-acp")]
    [Arguments("claude-code", "claude-agent-acp")]
    public async Task A_session_of_an_editor_that_has_closed_goes_on_from_elsewhere(string name, string program)
    {
        using var log = new TempFolder();
        using var model = await MockModel.StartAsync(log["asked.jsonl"]);
        await using var stage = await RealAgent.StartAsync(name, model);
        await using var editor = EditorProcess.Start(stage.Database, program, name, stage.Environment);
        editor.Patience = Patience;
        var session = await editor.OpenAsync(stage.Folder.Path);
        await editor.PromptAsync(session, "MOCK: say=Said in the editor.");
        var thread = await stage.RowAsync("threads.list", null, row => row.GetProperty("resumeId").GetString() == session);
        await stage.RowAsync("runs.list", thread.Text("id"), row => row.Text("status") == "completed");
        await editor.EndAsync();

        await GoesOnAsync(stage, log["asked.jsonl"], thread.Text("id"), session, "Said in the editor.");
    }

    [Test]
    [Arguments("codex", "codex", "sessions", "import-codex-")]
    [Arguments("claude-code", ".claude", "projects", "import-claude-")]
    public async Task A_session_that_was_imported_goes_on(string name, string home, string sessions, string prefix)
    {
        using var log = new TempFolder();
        using var model = await MockModel.StartAsync(log["asked.jsonl"]);
        await using var stage = await RealAgent.StartAsync(name, model);
        var (first, runId) = await stage.SubmitAsync("MOCK: say=Said before the import.", more: Directory(stage));
        await stage.EndAsync(runId, Patience);
        var session = (await stage.RowsAsync("threads.get", first))[0].Text("resumeId");
        // Without the process that has the session at present.
        await stage.RestartAsync();
        var (code, output, errors) = await ServerProcess.RunAsync(["import", "--db", stage.Database, Path.Combine(stage.Folder[home], sessions)]);
        await Assert.That(code).IsEqualTo(0).Because(output + errors);

        await GoesOnAsync(stage, log["asked.jsonl"], prefix + session, session, "Said before the import.");
    }

    /// <summary>A new prompt goes to the same session, whose model sees what was said; and nothing is stored twice.</summary>
    private static async Task GoesOnAsync(AgentStage stage, string log, string threadId, string session, string before)
    {
        var asked = File.ReadAllLines(log).Length;
        var (_, runId) = await stage.SubmitAsync("MOCK: say=And so on.", threadId);
        var run = await stage.EndAsync(runId, Patience);
        await stage.MessageAsync(threadId, "And so on.", partial: false);
        var said = (await stage.RowsAsync("messages.list", threadId)).Where(row => row.Text("role") == "assistant").Select(row => row.Text("text")).ToList();

        await Assert.That(run.Text("stopReason")).IsEqualTo("end_turn").Because(run + stage.Server.Errors);
        await Assert.That((await stage.RowsAsync("threads.get", threadId))[0].Text("resumeId")).IsEqualTo(session);
        await Assert.That(said.Count(text => text.Contains(before, StringComparison.Ordinal))).IsEqualTo(1).Because(string.Join('\n', said));
        await Assert.That(File.ReadAllLines(log).Skip(asked).Any(line =>
            line.Contains("And so on.", StringComparison.Ordinal) && line.Contains(before, StringComparison.Ordinal) && !line.Contains("tinyvex.preamble", StringComparison.Ordinal))).IsTrue();
    }

    private static string Directory(AgentStage stage) => $",\"workingDirectory\":{Wire.Quote(stage.Folder.Path)}";
}
