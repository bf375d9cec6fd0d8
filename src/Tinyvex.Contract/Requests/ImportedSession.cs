namespace Tinyvex.Contract.Requests;

/// <summary>What an agent said of its session when it made it.</summary>
public sealed record ImportedSession
{
    public string? CurrentModeId { get; init; }

    public IReadOnlyList<SessionMode>? AvailableModes { get; init; }

    public IReadOnlyList<ConfigOption>? ConfigOptions { get; init; }
}
