using System.Text;
using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>The part of a message in which most of what was looked for stands, and where in that part.</summary>
internal sealed class Snippet
{
    /// <summary>Bytes of a snippet, about: two lines of a list, or one in Chinese, whose characters take three and say more.</summary>
    private const int Bytes = 200;

    /// <summary>Bytes before the first match: some words, from which one sees where it stands.</summary>
    private const int BytesBefore = 50;

    /// <summary>Bytes that may be given up so that a part begins and ends between two words.</summary>
    private const int WordBytes = 20;

    private const char Cut = '…';

    private readonly string _text;
    private readonly List<(int Start, int Length)> _highlights;

    private Snippet(string text, List<(int Start, int Length)> highlights) => (_text, _highlights) = (text, highlights);

    /// <param name="places">Pairs of the first token of a match and its number of tokens, rising.</param>
    public static Snippet Of(FullText fullText, ReadOnlyMemory<byte> text, ReadOnlySpan<int> places)
    {
        var matches = Ranges(fullText, text, places);
        var (first, start, end) = Choose(matches, text.Span);
        var part = new StringBuilder();
        if (start > 0) part.Append(Cut);
        var highlights = new List<(int Start, int Length)>();
        var at = start;
        for (var i = first; i < matches.Count && matches[i].End <= end; i++)
        {
            part.Append(Encoding.UTF8.GetString(text.Span[at..matches[i].Start]));
            var highlighted = part.Length;
            part.Append(Encoding.UTF8.GetString(text.Span[matches[i].Start..matches[i].End]));
            highlights.Add((highlighted, part.Length - highlighted));
            at = matches[i].End;
        }

        part.Append(Encoding.UTF8.GetString(text.Span[at..end]));
        if (end < text.Length) part.Append(Cut);
        return new Snippet(part.ToString(), highlights);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("snippet"u8, _text);
        json.WriteStartArray("highlights"u8);
        foreach (var (start, length) in _highlights)
        {
            json.WriteStartArray();
            json.WriteNumberValue(start);
            json.WriteNumberValue(length);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>Matches as bytes of the text, rising; those that overlap are one.</summary>
    private static List<(int Start, int End)> Ranges(FullText fullText, ReadOnlyMemory<byte> text, ReadOnlySpan<int> places)
    {
        var last = 0;
        for (var i = 0; i < places.Length; i += 2) last = Math.Max(last, places[i] + places[i + 1]);
        var search = SearchText.Of(text);
        var tokens = fullText.Tokenize(search.Spaced.Span, last);
        var matches = new List<(int Start, int End)>();
        for (var i = 0; i < places.Length; i += 2)
        {
            var end = places[i] + places[i + 1];
            if (end > tokens.Count) continue;
            var match = (Start: search.Original(tokens[places[i]].Start), End: search.Original(tokens[end - 1].End));
            if (matches.Count > 0 && match.Start < matches[^1].End) matches[^1] = (matches[^1].Start, Math.Max(match.End, matches[^1].End));
            else matches.Add(match);
        }

        return matches;
    }

    /// <summary>The first of the matches that are shown, and the bytes from which to which the text is.</summary>
    private static (int First, int Start, int End) Choose(List<(int Start, int End)> matches, ReadOnlySpan<byte> text)
    {
        var (first, most) = (0, 0);
        for (int i = 0, next = 0; i < matches.Count; i++)
        {
            while (next < matches.Count && matches[next].End - matches[i].Start <= Bytes - BytesBefore) next++;
            if (next - i > most) (first, most) = (i, next - i);
            next = Math.Max(next, i + 1);
        }

        var from = matches.Count > 0 ? matches[first].Start : 0;
        var start = WordBorder(text, Math.Max(0, from - BytesBefore), from, 1);
        // What stands before the first match must hold none of those before it, of which a part would be shown.
        if (first > 0) start = Math.Max(start, matches[first - 1].End);
        var least = matches.Count > 0 ? matches[Math.Max(first, first + most - 1)].End : 0;
        return (first, start, WordBorder(text, Math.Min(text.Length, Math.Max(start + Bytes, least)), least, -1));
    }

    /// <summary>The end of a word that is near, in one direction and not beyond a place; else the end of a character.</summary>
    private static int WordBorder(ReadOnlySpan<byte> text, int at, int limit, int step)
    {
        if (at == 0 || at == text.Length) return at;
        for (int i = at, n = 0; n < WordBytes && i != limit; i += step, n++)
        {
            if (text[step > 0 ? i - 1 : i] is (byte)' ' or (byte)'\n') return i;
        }

        while (at != limit && (text[at] & 0xC0) == 0x80) at += step;
        return at;
    }
}
