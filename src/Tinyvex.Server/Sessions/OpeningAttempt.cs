namespace Tinyvex.Sessions;

/// <summary>One attempt to open a session.</summary>
/// <param name="known">The session that the thread had; null for a new one.</param>
internal sealed class OpeningAttempt(string? known)
{
    public string? Known => known;

    /// <summary>Whether the agent is about to take the old session up: what fails then may be the session's fault.</summary>
    public bool IsTakingUp { get; set; }
}
