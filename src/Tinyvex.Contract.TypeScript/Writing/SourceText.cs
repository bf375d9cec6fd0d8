using System.Text;

namespace Tinyvex.Contract.TypeScript.Writing;

/// <summary>TypeScript as text, line by line.</summary>
internal sealed class SourceText
{
    private const int MaxWidth = 120;

    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length > 0) _text.Append(' ', _depth * 2).Append(line);
        _text.Append('\n');
    }

    public void Block(string open, Action body, string? close = null)
    {
        Line(open);
        Indented(body);
        if (close is not null) Line(close);
    }

    public void Indented(Action body)
    {
        _depth++;
        body();
        _depth--;
    }

    public bool Fits(string line) => _depth * 2 + line.Length <= MaxWidth;

    public void Comment(string? text)
    {
        if (text is null) return;
        if (Fits($"/** {text} */"))
        {
            Line($"/** {text} */");
            return;
        }

        Line("/**");
        foreach (var line in Wrap(text, MaxWidth - (_depth * 2) - 3)) Line(" * " + line);
        Line(" */");
    }

    public override string ToString() => _text.ToString();

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }

        yield return line.ToString();
    }
}
