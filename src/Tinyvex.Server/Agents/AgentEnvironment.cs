namespace Tinyvex.Agents;

/// <summary>The environment of an agent: the user's, less what is not meant for it, and on top what is configured.</summary>
internal static class AgentEnvironment
{
    /// <summary>
    /// What a program sets for its own children, and what would mislead an agent of ours. It is about another agent, in whose session the server
    /// may have been started, which then takes ours for its own and refuses or holds back; about channels of the host, whose file descriptors
    /// the agent does not have; or about the service that the server is.
    /// </summary>
    private static readonly string[] Denied =
    [
        "TINYVEX_*",
        SocketThreads.Variable,
        "CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SSE_PORT", "CLAUDE_CODE_SESSION_ID", "CODEX_SANDBOX", "CODEX_SANDBOX_NETWORK_DISABLED",
        "CODEX_THREAD_ID", "GEMINI_CLI", "QWEN_CODE", "OPENCODE",
        "NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "NODE_UNIQUE_ID", "NODE_TEST_CONTEXT", "VSCODE_INSPECTOR_OPTIONS", "ELECTRON_RUN_AS_NODE",
        "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PID", "WATCHDOG_PID", "WATCHDOG_USEC",
    ];

    public static void Prepare(IDictionary<string, string?> environment, AgentDefinition agent)
    {
        foreach (var name in environment.Keys.Where(name => Denied.Concat(agent.EnvironmentDenied).Any(pattern => Fits(name, pattern))).ToList())
        {
            environment.Remove(name);
        }

        foreach (var (name, value) in agent.Environment) environment[name] = value;
    }

    private static bool Fits(string name, string pattern) => pattern.EndsWith('*')
        ? name.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase)
        : name.Equals(pattern, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
