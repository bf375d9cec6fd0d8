namespace Tinyvex.Cli.Terminal;

/// <summary>A stream that somebody may be looking at, and what can be done there.</summary>
internal sealed class Screen(TextWriter writer, bool isTerminal, bool hasColours, int? columns = null)
{
    /// <summary>Where a terminal does not say how wide it is.</summary>
    private const int UsualColumns = 80;

    /// <summary>A terminal that knows no escape sequences says so.</summary>
    private static readonly bool IsDumb = Environment.GetEnvironmentVariable("TERM") == "dumb";

    private static readonly bool UnderstandsEscapes = WindowsConsole.Prepare();

    public static Screen Output { get; } = Of(Console.Out, !Console.IsOutputRedirected);

    public static Screen Error { get; } = Of(Console.Error, !Console.IsErrorRedirected);

    /// <summary>For one who wants no words.</summary>
    public static Screen Nowhere { get; } = new(TextWriter.Null, isTerminal: false, hasColours: false);

    public bool IsTerminal { get; } = isTerminal;

    /// <summary>Whether a line that was printed can be taken back.</summary>
    public bool CanErase { get; } = isTerminal && !IsDumb && UnderstandsEscapes;

    public int Columns => columns ?? (IsTerminal && Console.WindowWidth is > 0 and var width ? width : UsualColumns);

    /// <summary>Columns to keep within; null where whoever reads takes lines of any length.</summary>
    public int? Width => IsTerminal ? Columns : null;

    public void Write(string text) => writer.Write(text);

    public void WriteLine(string line = "") => writer.Write(line + "\n");

    /// <summary>Empties the line the cursor is in.</summary>
    public void EraseLine() => writer.Write(CanErase ? "\r\e[K" : "\n");

    public string Dim(string text) => Paint("2", text);

    public string Bold(string text) => Paint("1", text);

    public string Green(string text) => Paint("32", text);

    public string Red(string text) => Paint("31", text);

    public string Cyan(string text) => Paint("36", text);

    public string Yellow(string text) => Paint("33", text);

    /// <summary>The colour that a status has wherever it is printed.</summary>
    public string OfStatus(string? status, string text) => status switch
    {
        "completed" => Green(text),
        "failed" => Red(text),
        "cancelled" or "pending" => Yellow(text),
        "running" => Cyan(text),
        _ => text,
    };

    private string Paint(string code, string text) => hasColours && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;

    private static Screen Of(TextWriter writer, bool isTerminal) => new(writer, isTerminal, WantsColours(isTerminal) && (!isTerminal || UnderstandsEscapes));

    /// <summary>As https://no-color.org and https://force-color.org have it; the first wins.</summary>
    private static bool WantsColours(bool isTerminal)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))) return false;
        return !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FORCE_COLOR")) || (isTerminal && !IsDumb);
    }
}
