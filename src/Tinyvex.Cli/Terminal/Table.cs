namespace Tinyvex.Cli.Terminal;

/// <summary>
/// Rows in columns as wide as what stands in them. On a terminal one column gives way, so that a row is a line; elsewhere nothing is cut.
/// </summary>
/// <param name="screen">Where to.</param>
/// <param name="flexible">The column that is cut where there is not enough room.</param>
internal sealed class Table(Screen screen, int flexible, params ReadOnlySpan<string> heads)
{
    /// <summary>What the column that gives way keeps while another can go: less says little.</summary>
    private const int Readable = 18;

    private const int Least = 8;

    private const string Gap = "  ";

    private readonly string[] _heads = heads.ToArray();
    private readonly List<(string[] Cells, Func<int, string, string> Paint)> _rows = [];

    /// <summary>Columns that a narrow terminal can do without, the first to go first.</summary>
    public IReadOnlyList<int> Dispensable { get; init; } = [];

    /// <param name="paint">Colours a cell, given its column and its padded text.</param>
    public void Add(string[] cells, Func<int, string, string>? paint = null) =>
        _rows.Add(([.. cells.Select(Printable.Line)], paint ?? ((_, text) => text)));

    public void Print()
    {
        var widths = Widths();
        screen.WriteLine(Line(_heads, widths, (_, text) => screen.Dim(text)));
        foreach (var (cells, paint) in _rows) screen.WriteLine(Line(cells, widths, paint));
    }

    private int[] Widths()
    {
        var widths = _heads.Select((head, column) => Math.Max(TextWidth.Of(head), _rows.Count == 0 ? 0 : _rows.Max(row => TextWidth.Of(row.Cells[column])))).ToArray();
        if (screen.Width is not { } room) return widths;
        foreach (var column in Dispensable)
        {
            if (Left() >= Math.Min(widths[flexible], Readable)) break;
            widths[column] = 0;
        }

        widths[flexible] = Math.Min(widths[flexible], Math.Max(Least, Left()));
        return widths;

        int Left() => room - widths.Where((_, column) => column != flexible && widths[column] > 0).Sum(other => other + Gap.Length);
    }

    private string Line(string[] cells, int[] widths, Func<int, string, string> paint)
    {
        // A column without a head and without a cell is not there.
        var shown = Enumerable.Range(0, cells.Length).Where(column => widths[column] > 0).ToList();
        var parts = shown.Select(column =>
        {
            var text = screen.Width is null ? cells[column] : TextWidth.Cut(cells[column], widths[column]);
            var pad = new string(' ', widths[column] - TextWidth.Of(text));
            var isNumber = _rows.Count > 0 && _rows.TrueForAll(row => row.Cells[column].Length > 0 && row.Cells[column].All(char.IsAsciiDigit));
            return paint(column, text.Length == 0 ? text : isNumber ? pad + text : text) + (isNumber && text.Length > 0 || column == shown[^1] ? "" : pad);
        });
        return string.Join(Gap, parts).TrimEnd();
    }
}
