namespace Tinyvex.Contract.Rows;

/// <summary>What an agent last said of its session beside the conversation. Null is what it did not say.</summary>
public sealed record StateRow
{
    public required string ThreadId { get; init; }

    public required string? CurrentModeId { get; init; }

    public required IReadOnlyList<SessionMode>? AvailableModes { get; init; }

    public required IReadOnlyList<AvailableCommand>? AvailableCommands { get; init; }

    public required IReadOnlyList<ConfigOption>? ConfigOptions { get; init; }

    public required Usage? Usage { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>A field over 256 KiB was cut. The query that gets the row alone gives it whole.</summary>
    [OnlyTrue]
    public bool? Truncated { get; init; }
}
