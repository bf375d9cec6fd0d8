using System.Text.Json.Nodes;

namespace Tinyvex.Tests.Support;

/// <summary>An agent of tests/lab, and what it needs to run alone with the scripted model.</summary>
/// <param name="Lab">Its folder in the lab.</param>
/// <param name="Program">Its program, below that folder's <c>node_modules</c>.</param>
internal sealed record RealAgent(string Lab, string Program, params string[] Arguments)
{
    private static readonly Dictionary<string, RealAgent> All = new(StringComparer.Ordinal)
    {
        ["codex"] = new("codex-acp", ".bin/codex-acp"),
        ["claude-code"] = new("claude-agent-acp", ".bin/claude-agent-acp"),
        ["gemini"] = new("gemini-cli", ".bin/gemini", "--acp"),
        ["opencode"] = new("opencode", ".bin/opencode", "acp"),
        ["qwen"] = new("qwen", ".bin/qwen", "--acp", "--auth-type", "openai"),
        ["codex-exec"] = new("codex", ".bin/codex"),
    };

    /// <summary>
    /// Installs the agent, writes its configuration, and starts a server that has it as its default. It is known, not configured, where it needs no
    /// arguments of its own: then all it gets is a PATH with its program.
    /// </summary>
    public static async Task<AgentStage> StartAsync(string name, MockModel model)
    {
        var agent = All[name];
        var program = await Support.Lab.AgentAsync(agent.Lab, "node_modules/" + agent.Program);
        var folder = new TempFolder();
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = folder.Path,
            ["XDG_CONFIG_HOME"] = folder[".config"],
            ["XDG_DATA_HOME"] = folder[".local/share"],
            ["XDG_CACHE_HOME"] = folder[".cache"],
            ["XDG_STATE_HOME"] = folder[".local/state"],
        };
        foreach (var (variable, value) in agent.Environment(program, folder, model)) environment[variable] = value;
        environment["PATH"] = $"{Path.GetDirectoryName(program)}:{environment.GetValueOrDefault("PATH") ?? System.Environment.GetEnvironmentVariable("PATH")}";
        var file = new JsonObject { ["default"] = name };
        if (name == "qwen") file["agents"] = new JsonObject { [name] = new JsonObject { ["command"] = new JsonArray([program, .. agent.Arguments]) } };
        File.WriteAllText(folder["agents.json"], file.ToJsonString());
        return await AgentStage.StartAsync(folder, "unused", environment: environment);
    }

    private Dictionary<string, string> Environment(string program, TempFolder folder, MockModel model)
    {
        var url = $"http://127.0.0.1:{model.Port}";
        switch (Lab)
        {
            case "codex-acp" or "codex":
                var home = JsonNode.Parse(model.CodexHome(folder, Lab == "codex" ? "never" : "on-request"))!.AsObject();
                // In the mode that codex-acp begins with else, a second model answers what it asks.
                home["INITIAL_AGENT_MODE"] = "read-only";
                return home.ToDictionary(variable => variable.Key, variable => variable.Value!.GetValue<string>());
            case "claude-agent-acp":
                return new()
                {
                    // Some machines of CI set it to a value that makes Claude Code refuse to run as root.
                    ["IS_SANDBOX"] = "",
                    ["ANTHROPIC_BASE_URL"] = url,
                    ["ANTHROPIC_API_KEY"] = "sk-ant-mock",
                    ["CLAUDE_CONFIG_DIR"] = folder[".claude"],
                    ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
                    ["DISABLE_AUTOUPDATER"] = "1",
                    ["DISABLE_TELEMETRY"] = "1",
                    ["CLAUDE_CODE_EXECUTABLE"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(program)!, "../@anthropic-ai/claude-agent-sdk-linux-x64/claude")),
                };
            case "gemini-cli":
                return new()
                {
                    ["GEMINI_API_KEY"] = "mock",
                    ["GOOGLE_GEMINI_BASE_URL"] = url,
                    ["GEMINI_TELEMETRY_ENABLED"] = "false",
                    ["GEMINI_CLI_TRUST_WORKSPACE"] = "true",
                };
            case "opencode":
                Directory.CreateDirectory(folder[".config/opencode"]);
                File.WriteAllText(
                    folder[".config/opencode/opencode.json"],
                    File.ReadAllText(Support.Lab.File("opencode-config.json.in")).Replace("@PORT@", $"{model.Port}", StringComparison.Ordinal));
                return new[] { "AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "DEFAULT_PLUGINS", "SHARE" }.ToDictionary(what => "OPENCODE_DISABLE_" + what, _ => "1");
            default:
                return new() { ["OPENAI_API_KEY"] = "mock", ["OPENAI_BASE_URL"] = url + "/v1", ["OPENAI_MODEL"] = "mock-model", ["QWEN_TELEMETRY_ENABLED"] = "false" };
        }
    }
}
