using Tinyvex.Rows;

namespace Tinyvex.Writing;

/// <summary>What became of a run's start. Apart from other outcomes, of which there is one for each update.</summary>
internal sealed record StartedRun : WriteOutcome
{
    /// <summary>The thread as it is then; null where a client runs the agent, and knows it.</summary>
    public ThreadRow? Thread { get; init; }

    /// <summary>The order before which stands what was said before.</summary>
    public long Before { get; init; }

    /// <summary>As ACP content blocks.</summary>
    public ReadOnlyMemory<byte> Prompt { get; init; }
}
