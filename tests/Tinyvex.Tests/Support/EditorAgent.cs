namespace Tinyvex.Tests.Support;

/// <summary>A real agent of tests/lab, ready to be started by an editor: its command and environment, with the scripted model.</summary>
internal sealed record EditorAgent(string Command, Dictionary<string, string?> Environment)
{
    /// <summary>A prompt that makes it ask for permission, and the mode in which it does; null for the one it begins with.</summary>
    public required (string? Mode, string Prompt) Asking { get; init; }

    public static async Task<EditorAgent> CodexAsync(MockModel model, TempFolder folder)
    {
        var command = await Lab.AgentAsync("codex-acp", "node_modules/.bin/codex-acp");
        var environment = System.Text.Json.JsonDocument.Parse(model.CodexHome(folder)).RootElement.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString());
        return new EditorAgent(command, environment) { Asking = ("workspace-write", "MOCK: say=I ask first. ;;esc=echo hi > hi.txt;;say=Done.") };
    }

    public static async Task<EditorAgent> ClaudeAsync(MockModel model, TempFolder folder)
    {
        var command = await Lab.AgentAsync("claude-agent-acp", "node_modules/.bin/claude-agent-acp");
        return new EditorAgent(command, new Dictionary<string, string?>
        {
            ["HOME"] = folder.Path,
            ["CLAUDE_CONFIG_DIR"] = folder["claude"],
            ["ANTHROPIC_BASE_URL"] = $"http://127.0.0.1:{model.Port}",
            ["ANTHROPIC_API_KEY"] = "sk-ant-mock",
            ["CLAUDE_CODE_EXECUTABLE"] = await Lab.AgentAsync("claude-agent-acp", $"node_modules/@anthropic-ai/claude-agent-sdk-linux-{Lab.Processor}/claude"),
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
            ["DISABLE_TELEMETRY"] = "1",
            // Where it is set, it asks for rights that the program refuses to root.
            ["IS_SANDBOX"] = "",
        })
        { Asking = (null, $"MOCK: say=I ask first. ;;write={folder["work/note.txt"]};;say=Done.") };
    }
}
