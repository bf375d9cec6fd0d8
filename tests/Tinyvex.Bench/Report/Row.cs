namespace Tinyvex.Bench.Report;

/// <summary>One line of the table: a figure, and where it has one its peer of the same run.</summary>
internal sealed record Row
{
    public required string Benchmark { get; init; }

    public required string What { get; init; }

    public string Unit { get; init; } = "";

    public Spread? Figure { get; init; }

    /// <summary>What it is compared with.</summary>
    public string? Peer { get; init; }

    public Spread? PeerFigure { get; init; }

    /// <summary>Figure by peer, round by round.</summary>
    public Spread? Ratio { get; init; }

    public Target? Target { get; init; }

    /// <summary>What a reader should know of this row, or why it was not measured.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the target is met; null where there is none, or nothing was measured.</summary>
    public bool? IsMet => Target is { } target && (target.OfRatio ? Ratio : Figure) is { } value ? target.IsMetBy(value.Median) : null;

    public static Row Of(string benchmark, string what, string unit, IReadOnlyList<double> rounds, Target? target = null, string? note = null) =>
        new() { Benchmark = benchmark, What = what, Unit = unit, Figure = Spread.Of(rounds), Target = target, Note = note };

    /// <summary>Both sides of a pair, round by round.</summary>
    public static Row Pair(
        string benchmark, string what, string unit, IReadOnlyList<double> rounds, string peer, IReadOnlyList<double> peerRounds,
        Target? target = null, string? note = null) =>
        Of(benchmark, what, unit, rounds, target, note) with
        {
            Peer = peer,
            PeerFigure = Spread.Of(peerRounds),
            Ratio = Spread.Of(rounds.Zip(peerRounds, (figure, other) => figure / other)),
        };
}
