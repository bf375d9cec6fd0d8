using System.Globalization;

namespace Tinyvex.Bench.Report;

/// <summary>Rows for people: medians, in brackets the range of the rounds.</summary>
internal static class Table
{
    private static readonly int[] Widths = [38, 33, 30, 19, 15];

    public static string Head => Line(["what", "figure", "its peer", "ratio", "target", ""]);

    public static string Of(Row row) => Line(
    [
        row.What,
        row.Figure is { } figure ? $"{Number(figure.Median)} {row.Unit} {Range(figure)}" : "not measured",
        row.PeerFigure is { } peer ? $"{Number(peer.Median)} {row.Unit} {row.Peer}" : "",
        row.Ratio is { } ratio ? $"{Number(ratio.Median)} {Range(ratio)}" : "",
        row.Target is { } target ? $"{target}{(row.IsMet switch { true => " met", false => " MISSED", null => "" })}" : "",
        row.Note ?? "",
    ]);

    private static string Line(string[] cells) =>
        string.Concat(cells.Select((cell, i) => i < Widths.Length ? cell.PadRight(Widths[i]) + " " : cell)).TrimEnd();

    private static string Range(Spread spread) => $"[{Number(spread.Min)}–{Number(spread.Max)}]";

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) switch { >= 1_000 => "N0", >= 100 => "F0", >= 10 => "F1", _ => "F2" }, CultureInfo.InvariantCulture);
}
