using System.Diagnostics.CodeAnalysis;

namespace Tinyvex.Agents;

/// <summary>A request of an agent that is not answered yet.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer or wait handle has nothing to free, and who answers may still look at its token.")]
internal sealed class AgentRequest(string? sessionId)
{
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>The session that it is about, where it names one.</summary>
    public string? SessionId { get; } = sessionId;

    /// <summary>Ends when the agent wants no answer any more. It is owed one all the same.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Never runs what waits for it within the loop that reads.</summary>
    public void Cancel() => _ = _cancelled.CancelAsync();
}
