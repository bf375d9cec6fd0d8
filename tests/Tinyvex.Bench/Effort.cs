namespace Tinyvex.Bench;

/// <summary>How long a run may take. Rounds come in pairs with the peer's; their median is what counts.</summary>
internal sealed record Effort
{
    /// <summary>For figures that are quoted: some ten minutes in all.</summary>
    public static readonly Effort Full = new() { WarmUps = 1, Rounds = 9, Starts = 20, Updates = 40_000, Seconds = 3, Connections = 10_000, Subscribers = 500, ManySubscribers = 1_000, Messages = 1_000_000, Replayed = 400_000, Returning = 5_000 };

    /// <summary>For a look at a change: two minutes.</summary>
    public static readonly Effort Quick = new() { WarmUps = 1, Rounds = 3, Starts = 7, Updates = 20_000, Seconds = 1, Connections = 10_000, Subscribers = 500, ManySubscribers = 1_000, Messages = 1_000_000, Replayed = 100_000, Returning = 5_000 };

    /// <summary>Only to see that everything runs; the figures mean nothing.</summary>
    public static readonly Effort Smoke = new() { WarmUps = 0, Rounds = 1, Starts = 1, Updates = 2_000, Seconds = 0.1, Connections = 20, Subscribers = 20, ManySubscribers = 20, Messages = 3_000, Replayed = 2_000, Returning = 20 };

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

    /// <summary>Readers of one thread at a steady rate.</summary>
    public required int ManySubscribers { get; init; }

    /// <summary>Updates that a client has missed.</summary>
    public required int Replayed { get; init; }

    /// <summary>Clients that come back at once.</summary>
    public required int Returning { get; init; }

    /// <summary>Messages of the longest thread.</summary>
    public required int Messages { get; init; }
}
