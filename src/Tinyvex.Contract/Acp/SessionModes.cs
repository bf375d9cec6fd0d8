namespace Tinyvex.Contract.Acp;

/// <summary>The modes of a session, as an agent tells of them when it makes one.</summary>
public sealed record SessionModes
{
    public string? CurrentModeId { get; init; }

    public IReadOnlyList<SessionMode>? AvailableModes { get; init; }
}
