namespace Tinyvex.Sessions;

/// <summary>What waits in a thread: a run that is stored, or a client's call that needs the session.</summary>
/// <param name="Agent">The run's agent.</param>
internal sealed record SessionWork(string? RunId, string Agent, QueuedCall? Call);
