using System.Text;

namespace Tinyvex.Cli.Terminal;

/// <summary>
/// Text of an agent as a terminal may get it. An escape sequence in it could move the cursor over a permission request and show
/// another one in its place, set the clipboard, or make the terminal answer as if someone had typed.
/// </summary>
internal static class Printable
{
    /// <summary>Control characters as their pictures (ESC as U+241B), all but line feed and tab.</summary>
    public static string Text(string text) => Clean(text, keepsLines: true);

    /// <summary>The same on one line: line feeds and tabs as spaces.</summary>
    public static string Line(string text) => Clean(text, keepsLines: false);

    private static string Clean(string text, bool keepsLines)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f') && !text.Any(IsBidirectionalControl)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            switch (c)
            {
                case '\n' or '\t':
                    clean.Append(keepsLines ? c : ' ');
                    break;
                case '\r':
                    break;
                case < ' ':
                    clean.Append((char)('\u2400' + c));
                    break;
                case '\x7f':
                    clean.Append('\u2421');
                    break;
                case > '\x7f' and <= '\x9f':
                    clean.Append('\ufffd');
                    break;
                default:
                    clean.Append(IsBidirectionalControl(c) ? '\ufffd' : c);
                    break;
            }
        }

        return clean.ToString();
    }

    /// <summary>These reorder what is shown, so that a command reads as another one.</summary>
    private static bool IsBidirectionalControl(char c) => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
