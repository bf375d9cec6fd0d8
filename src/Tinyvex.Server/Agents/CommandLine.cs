using System.Text;

namespace Tinyvex.Agents;

/// <summary>Splits a command by its quotes into program and arguments. No shell ever sees it, so nothing in it is expanded.</summary>
internal static class CommandLine
{
    /// <summary>
    /// Blanks separate words; within '…' all is taken as it is; within "…" a backslash takes the next quote or backslash as it is,
    /// and outside of quotes a following blank, quote or backslash. Any other backslash is one, as in Windows paths.
    /// </summary>
    /// <exception cref="FormatException">A quote is not closed, or there is no word at all.</exception>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            if (c == '\\' && quote != '\'' && i + 1 < command.Length && IsEscapable(command[i + 1], quote))
            {
                word.Append(command[++i]);
                inWord = true;
            }
            else if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word.Append(c);
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                inWord = true;
            }
            else if (char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (quote != '\0') throw new FormatException($"a {quote} is not closed");
        if (inWord) words.Add(word.ToString());
        return words.Count > 0 ? words : throw new FormatException("the command is empty");
    }

    private static bool IsEscapable(char next, char quote) =>
        quote == '"' ? next is '"' or '\\' : next is '"' or '\'' or '\\' || char.IsWhiteSpace(next);
}
