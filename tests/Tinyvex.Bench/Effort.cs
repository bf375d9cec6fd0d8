namespace Tinyvex.Bench;

/// <summary>How long a run may take. Rounds come in pairs with the peer's; their median is what counts.</summary>
internal sealed record Effort
{
    /// <summary>For figures that are quoted: below 5 minutes in all.</summary>
    public static readonly Effort Full = new() { WarmUps = 1, Rounds = 9, Starts = 20, Updates = 40_000, Seconds = 3, Connections = 2_000, Subscribers = 500, Messages = 1_000_000 };

    /// <summary>For a look at a change: below a minute.</summary>
    public static readonly Effort Quick = new() { WarmUps = 1, Rounds = 3, Starts = 7, Updates = 20_000, Seconds = 1, Connections = 1_000, Subscribers = 500, Messages = 1_000_000 };

    /// <summary>Only to see that everything runs; the figures mean nothing.</summary>
    public static readonly Effort Smoke = new() { WarmUps = 0, Rounds = 1, Starts = 1, Updates = 2_000, Seconds = 0.1, Connections = 20, Subscribers = 20, Messages = 3_000 };

    /// <summary>Rounds before those that count, for caches and compiled statements.</summary>
    public required int WarmUps { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Starts of each server.</summary>
    public required int Starts { get; init; }

    /// <summary>Updates of one round in this process.</summary>
    public required int Updates { get; init; }

    /// <summary>Length of one round over sockets.</summary>
    public required double Seconds { get; init; }

    /// <summary>Idle connections.</summary>
    public required int Connections { get; init; }

    /// <summary>Readers of one thread.</summary>
    public required int Subscribers { get; init; }

    /// <summary>Messages of the longest thread.</summary>
    public required int Messages { get; init; }
}
