namespace Tinyvex.Cli.Terminal;

/// <summary>How much room text takes in a line of a terminal.</summary>
internal static class Columns
{
    /// <summary>The text where it fits, else its beginning and an ellipsis.</summary>
    public static string Cut(string text, int columns)
    {
        var used = 0;
        for (var i = 0; i < text.Length; i++)
        {
            // From Hangul on, most are wide.
            used += text[i] < '\u1100' ? 1 : 2;
            if (used > columns - 1) return text[..(i > 0 && char.IsHighSurrogate(text[i - 1]) ? i - 1 : i)] + "…";
        }

        return text;
    }
}
