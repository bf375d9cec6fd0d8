using System.Globalization;

namespace Tinyvex.Bench.Report;

/// <summary>A bound that the median of a row has to keep.</summary>
/// <param name="OfRatio">Whether it is about the ratio to the peer, and not about the figure.</param>
internal sealed record Target(double Bound, bool IsMinimum, bool OfRatio)
{
    public static Target RatioAtLeast(double bound) => new(bound, IsMinimum: true, OfRatio: true);

    public static Target RatioAtMost(double bound) => new(bound, IsMinimum: false, OfRatio: true);

    public static Target AtLeast(double bound) => new(bound, IsMinimum: true, OfRatio: false);

    public static Target AtMost(double bound) => new(bound, IsMinimum: false, OfRatio: false);

    public bool IsMetBy(double value) => IsMinimum ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMinimum ? "≥" : "≤")} {Bound:0.##}{(OfRatio ? "×" : "")}");
}
