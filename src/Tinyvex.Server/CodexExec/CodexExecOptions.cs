namespace Tinyvex.CodexExec;

/// <summary>What the agent over <c>codex exec</c> is started with.</summary>
internal sealed record CodexExecOptions
{
    /// <summary>The codex program; null for <c>$CODEX_BIN</c>, or <c>codex</c> in the <c>PATH</c>.</summary>
    public string? Program { get; init; }

    /// <summary>What codex gets beside what the agent gives it, such as <c>--model NAME</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where it is kept which of codex's threads a session is.</summary>
    public required string SessionsFolder { get; init; }

    /// <summary>Command that guards a codex: this binary and its verb.</summary>
    public required IReadOnlyList<string> GuardCommand { get; init; }
}
