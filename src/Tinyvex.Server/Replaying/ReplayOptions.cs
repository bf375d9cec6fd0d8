namespace Tinyvex.Replaying;

/// <summary>What to play and how fast.</summary>
internal sealed record ReplayOptions
{
    /// <summary>The transcript; without one, the demonstration that comes with the program is played.</summary>
    public string? File { get; init; }

    public ReplaySpeed Speed { get; init; } = ReplaySpeed.Recorded;
}
