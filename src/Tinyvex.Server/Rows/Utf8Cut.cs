namespace Tinyvex.Rows;

internal static class Utf8Cut
{
    /// <summary>The longest beginning of at most <paramref name="bytes"/> bytes that ends between two characters.</summary>
    public static ReadOnlySpan<byte> AtMost(ReadOnlySpan<byte> utf8, int bytes)
    {
        if (utf8.Length <= bytes) return utf8;
        while (bytes > 0 && (utf8[bytes] & 0xC0) == 0x80) bytes--;
        return utf8[..bytes];
    }

    /// <summary>What is left of text that was cut at its beginning, once it begins with a character.</summary>
    public static ReadOnlyMemory<byte> FromCharacter(ReadOnlyMemory<byte> utf8)
    {
        while (!utf8.IsEmpty && (utf8.Span[0] & 0xC0) == 0x80) utf8 = utf8[1..];
        return utf8;
    }

    /// <summary>The first <paramref name="count"/> Unicode characters (code points).</summary>
    public static string Characters(string text, int count)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (count-- == 0) return text[..end];
            end += rune.Utf16SequenceLength;
        }

        return text;
    }
}
