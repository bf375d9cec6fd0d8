namespace Tinyvex.Agents;

/// <summary>The agents that need no configuration. What is said of one stands here and nowhere else.</summary>
internal static class KnownAgents
{
    public const string Replay = "replay";

    /// <summary>Stands in the arguments of an agent of ours for the folder that keeps its sessions.</summary>
    public const string SessionsFolder = "{sessions}";

    public static IReadOnlyList<KnownAgent> All { get; } =
    [
        new()
        {
            Name = "codex", Title = "Codex", Program = "codex-acp", Package = "@agentclientprotocol/codex-acp",
            Login = "npx -y @openai/codex login",
        },
        new()
        {
            Name = "claude-code", Title = "Claude Code", Program = "claude-agent-acp", Package = "@agentclientprotocol/claude-agent-acp",
            Login = "claude-agent-acp --cli, and in it /login",
        },
        new()
        {
            Name = "gemini", Title = "Gemini CLI", Program = "gemini", Arguments = ["--acp"], Package = "@google/gemini-cli",
            Login = "gemini, and in it /auth",
            // It takes the answer that a file is not there for a failure, and so can make no new one (0.61.0). By itself it can.
            OffersFiles = false,
        },
        new()
        {
            Name = "opencode", Title = "opencode", Program = "opencode", Arguments = ["acp"], Package = "opencode-ai",
            Login = "opencode auth login",
        },
        new()
        {
            Name = "qwen", Title = "Qwen Code", Program = "qwen", Arguments = ["--acp"], Package = "@qwen-code/qwen-code",
            Login = "qwen auth",
        },
        new()
        {
            Name = "codex-exec", Title = "Codex, by codex exec", Program = "codex", IsOwn = true,
            Arguments = ["codex-exec", "--sessions", SessionsFolder], Package = "@openai/codex", Login = "codex login",
        },
        new() { Name = Replay, Title = "Replay (a recording, for trying things out)", Program = null, IsOwn = true, Arguments = ["replay"] },
    ];

    public static KnownAgent? Find(string name) => All.FirstOrDefault(known => known.Name == name);

    /// <summary>What is known of a program, however it is configured.</summary>
    /// <param name="command">Its path or name.</param>
    public static KnownAgent? OfProgram(string command)
    {
        var program = Path.GetFileNameWithoutExtension(command);
        return All.FirstOrDefault(known => known.Program is not null && !known.IsOwn && known.Program == program);
    }
}
