using System.Text;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>
/// What somebody looks for, as an expression of FTS5. All words must be in a message; what stands between quotation marks must be in
/// it as it stands there; the last word may go on. Nothing else means anything, so that no text is a wrong expression.
/// </summary>
internal static class SearchExpression
{
    /// <summary>Letters of a last word that may go on: the words that begin with fewer are too many, and none that is meant.</summary>
    private const int ShortestBeginning = 3;

    /// <summary>The expression, or null where there is no letter or digit in the text.</summary>
    public static string? Of(FullText fullText, string text, string? threadId)
    {
        var words = new StringBuilder();
        var pieces = text.Replace('\0', ' ').Split('"');
        for (var i = 0; i < pieces.Length; i++)
        {
            var isQuoted = i % 2 == 1;
            if (isQuoted)
            {
                Add(words, fullText, pieces[i], mayGoOn: false);
                continue;
            }

            var rest = pieces[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            for (var n = 0; n < rest.Length; n++)
            {
                var isLast = i == pieces.Length - 1 && n == rest.Length - 1 && !char.IsWhiteSpace(text[^1]);
                Add(words, fullText, rest[n], isLast);
            }
        }

        if (words.Length == 0) return null;
        return threadId is null ? $"text : ({words})" : $"thread : \"{SearchIndex.ThreadWord(threadId)}\" AND text : ({words})";
    }

    private static void Add(StringBuilder words, FullText fullText, string piece, bool mayGoOn)
    {
        var spaced = SearchText.Of(Encoding.UTF8.GetBytes(piece)).Spaced;
        var tokens = fullText.Tokenize(spaced.Span);
        if (tokens.Count == 0) return;
        if (words.Length > 0) words.Append(' ');
        words.Append('"').Append(Encoding.UTF8.GetString(spaced.Span)).Append('"');
        if (mayGoOn && tokens[^1] is var (start, end) && end == spaced.Length && IsBeginning(Encoding.UTF8.GetString(spaced.Span[start..end]))) words.Append('*');
    }

    /// <summary>A character that stands alone is a word already.</summary>
    private static bool IsBeginning(string word)
    {
        var letters = 0;
        foreach (var rune in word.EnumerateRunes())
        {
            if (SearchText.IsUnspaced(rune)) return false;
            letters++;
        }

        return letters >= ShortestBeginning;
    }
}
