namespace Tinyvex.CodexExec;

/// <summary>The modes of a session: what codex may touch. It asks nobody, so this is all that holds it.</summary>
internal static class SandboxModes
{
    public const string Configured = "configured";

    public static readonly (string Id, string Name, string Description)[] All =
    [
        (Configured, "As configured", "What codex's own configuration says"),
        ("read-only", "Read only", "Reads files and runs commands that change nothing"),
        ("workspace-write", "Write here", "Changes files in the working directory"),
        ("danger-full-access", "Full access", "No sandbox at all"),
    ];

    /// <summary>The arguments that set a mode, for a new thread as for one that is resumed.</summary>
    public static IEnumerable<string> Arguments(string mode) => mode == Configured ? [] : ["--config", $"sandbox_mode=\"{mode}\""];
}
