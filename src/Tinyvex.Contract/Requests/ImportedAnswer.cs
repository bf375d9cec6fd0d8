namespace Tinyvex.Contract.Requests;

/// <summary>A request for permission that was answered, or never.</summary>
public sealed record ImportedAnswer
{
    public string? RunId { get; init; }

    /// <summary>As the agent sent it. It changes no tool call.</summary>
    public required PermissionToolCall ToolCall { get; init; }

    public required IReadOnlyList<PermissionOption> Options { get; init; }

    /// <summary>Cancelled where it is absent.</summary>
    public PermissionOutcome? Outcome { get; init; }

    /// <summary>Where it is absent, the request counts as cancelled.</summary>
    public string? AnsweredBy { get; init; }

    public long? AnsweredAt { get; init; }
}
