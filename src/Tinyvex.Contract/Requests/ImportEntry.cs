namespace Tinyvex.Contract.Requests;

/// <summary>One thing that happened in a conversation from elsewhere.</summary>
[NeedsOneOf(nameof(Update), nameof(Finalize), nameof(Begin), nameof(End), nameof(Run), nameof(Permission), nameof(Elicitation), nameof(Session))]
public sealed record ImportEntry
{
    /// <summary>When. That of the entry before where it is absent, and never later than now.</summary>
    public long? Ts { get; init; }

    /// <summary>What the agent or the user said.</summary>
    public SessionUpdate? Update { get; init; }

    /// <summary>The open message ended.</summary>
    [OnlyTrue]
    public bool? Finalize { get; init; }

    /// <summary>A turn began.</summary>
    public ImportedBegin? Begin { get; init; }

    /// <summary>A turn ended.</summary>
    public ImportedEnd? End { get; init; }

    /// <summary>A run that is over, without the messages of its turn.</summary>
    public ImportedRun? Run { get; init; }

    /// <summary>A request for permission, and what came of it.</summary>
    public ImportedAnswer? Permission { get; init; }

    /// <summary>A question to a person, and what came of it.</summary>
    public ImportedElicitation? Elicitation { get; init; }

    /// <summary>What the agent said of its session.</summary>
    public ImportedSession? Session { get; init; }
}
