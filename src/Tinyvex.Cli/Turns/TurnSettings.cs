namespace Tinyvex.Cli.Turns;

/// <summary>How a turn is shown, and who answers for its user.</summary>
internal sealed record TurnSettings
{
    public required PermissionMode Permissions { get; init; }

    /// <summary>Why requests are answered unasked, where that was not said by <c>--permissions</c>.</summary>
    public string? Because { get; init; }

    /// <summary>Where to ask, on a terminal; null where nobody can be asked here.</summary>
    public PermissionPrompt? Prompt { get; init; }

    /// <summary>Where to ask what else the agent wants to know; null where nobody can be asked here.</summary>
    public ElicitationPrompt? Form { get; init; }

    /// <summary>Set where a program reads.</summary>
    public TurnJson? Json { get; init; }
}
