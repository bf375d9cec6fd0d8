using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tinyvex.Storage;

/// <summary>
/// A text as the search index takes it. Where a script has no spaces between words, each character stands alone, marks that belong to
/// it included, so that it becomes a token; a run of them in a search is a phrase. So words of any such language are found without a
/// dictionary, also those of one character.
/// </summary>
/// <remarks>What comes out here stands in the index of every database: to change it takes a step of the schema that fills the index anew.</remarks>
internal sealed class SearchText
{
    /// <summary>
    /// Scripts without spaces between words, and Korean, where endings stick to them. First and last of each range, rising: Thai and
    /// Lao; Myanmar; Hangul Jamo; Khmer; Tai Le to Khmer symbols; Tai Tham; CJK radicals to Yi, with kana; Hangul and Myanmar
    /// extensions, Hangul; compatibility ideographs; halfwidth kana and Hangul; kana extensions; the ideographs of planes 2 and 3.
    /// </summary>
    private static readonly (int First, int Last)[] Unspaced =
    [
        (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x1950, 0x19FF), (0x1A20, 0x1AAF), (0x2E80, 0x2FDF),
        (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0xA4CF), (0xA960, 0xA97F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xAC00, 0xD7FF),
        (0xF900, 0xFAFF), (0xFF66, 0xFFDC), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
    ];

    /// <summary>Where in <see cref="Spaced"/> spaces stand that were added, rising; null where there are none.</summary>
    private readonly List<int>? _added;

    private SearchText(ReadOnlyMemory<byte> spaced, List<int>? added) => (Spaced, _added) = (spaced, added);

    public ReadOnlyMemory<byte> Spaced { get; }

    public static SearchText Of(ReadOnlyMemory<byte> utf8)
    {
        // All these scripts begin behind U+0E00, whose first byte is 0xE0: most texts in other scripts are done here.
        const byte firstUnspaced = 0xE0;
        if (!utf8.Span.ContainsAnyInRange(firstUnspaced, byte.MaxValue)) return new SearchText(utf8, null);
        var spaced = new ArrayBufferWriter<byte>(utf8.Length + (utf8.Length / 2));
        var added = new List<int>();
        var rest = utf8.Span;
        var copied = rest;
        var behindUnspaced = false;
        while (Rune.DecodeFromUtf8(rest, out var rune, out var length) != OperationStatus.NeedMoreData && length > 0)
        {
            if (rune.Value < 0x300 ? behindUnspaced : !IsMark(rune))
            {
                var isUnspaced = IsUnspaced(rune);
                if (isUnspaced || behindUnspaced)
                {
                    spaced.Write(copied[..^rest.Length]);
                    copied = rest;
                    added.Add(spaced.WrittenCount);
                    spaced.Write(" "u8);
                }

                behindUnspaced = isUnspaced;
            }

            rest = rest[length..];
        }

        spaced.Write(copied);
        return new SearchText(spaced.WrittenMemory, added);
    }

    /// <summary>The place in the text that was given of one in <see cref="Spaced"/>.</summary>
    public int Original(int place)
    {
        if (_added is null) return place;
        var before = _added.BinarySearch(place);
        return place - (before < 0 ? ~before : before);
    }

    public static bool IsUnspaced(Rune rune)
    {
        if (rune.Value < Unspaced[0].First) return false;
        foreach (var (first, last) in Unspaced)
        {
            if (rune.Value <= last) return rune.Value >= first;
        }

        return false;
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
