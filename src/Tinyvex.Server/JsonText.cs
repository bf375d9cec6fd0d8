using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Tinyvex;

/// <summary>JSON strings as UTF-8 bytes, and values as slices of the text they came in.</summary>
internal static class JsonText
{
    /// <summary>Nesting that is taken; deeper text is refused as malformed.</summary>
    public const int MaxDepth = 256;

    public static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth };

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>The bytes of an element, as a slice of the text it was parsed from.</summary>
    public static ReadOnlyMemory<byte> Slice(this ReadOnlyMemory<byte> json, JsonElement element)
    {
        var (offset, length) = json.Place(element);
        return json.Slice(offset, length);
    }

    /// <summary>Where an element stands in the text it was parsed from.</summary>
    public static (int Offset, int Length) Place(this ReadOnlyMemory<byte> json, JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        var offset = (int)System.Runtime.CompilerServices.Unsafe.ByteOffset(
            ref MemoryMarshal.GetReference(json.Span), ref MemoryMarshal.GetReference(raw));
        return (offset, raw.Length);
    }

    /// <summary>JSON of a client may stand on many lines, and a message to an agent on one. Strings hold no line ends.</summary>
    public static ReadOnlySpan<byte> OnOneLine(ReadOnlySpan<byte> json)
    {
        if (!json.ContainsAny("\r\n"u8)) return json;
        var copy = json.ToArray();
        copy.AsSpan().ReplaceAny(System.Buffers.SearchValues.Create("\r\n"u8), (byte)' ');
        return copy;
    }

    /// <summary>The text of a string element, without a copy where it holds no escape.</summary>
    public static ReadOnlyMemory<byte> StringUtf8(this ReadOnlyMemory<byte> json, JsonElement element)
    {
        var quoted = json.Slice(element);
        var inner = quoted[1..^1];
        return inner.Span.Contains((byte)'\\') ? UnescapeEscaped(inner.Span) : inner;
    }

    public static ReadOnlyMemory<byte> Unescape(ReadOnlySpan<byte> value, bool escaped) =>
        escaped ? UnescapeEscaped(value) : value.ToArray();

    /// <summary>
    /// Resolves escapes. A surrogate without its other half, which an agent makes when it cuts its text inside a character,
    /// becomes U+FFFD, since UTF-8 cannot hold it; the raw JSON in the log keeps it.
    /// </summary>
    private static byte[] UnescapeEscaped(ReadOnlySpan<byte> value)
    {
        var output = new byte[value.Length];
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\')
            {
                output[length++] = value[i];
                continue;
            }

            i++;
            switch (value[i])
            {
                case (byte)'b': output[length++] = (byte)'\b'; break;
                case (byte)'f': output[length++] = (byte)'\f'; break;
                case (byte)'n': output[length++] = (byte)'\n'; break;
                case (byte)'r': output[length++] = (byte)'\r'; break;
                case (byte)'t': output[length++] = (byte)'\t'; break;
                case (byte)'u':
                    var unit = Hex4(value.Slice(i + 1, 4));
                    i += 4;
                    if (char.IsHighSurrogate(unit) && i + 6 < value.Length && value[i + 1] == '\\' && value[i + 2] == 'u'
                        && Hex4(value.Slice(i + 3, 4)) is var low && char.IsLowSurrogate(low))
                    {
                        length += new Rune(unit, low).EncodeToUtf8(output.AsSpan(length));
                        i += 6;
                    }
                    else if (Rune.TryCreate(unit, out var rune))
                    {
                        length += rune.EncodeToUtf8(output.AsSpan(length));
                    }
                    else
                    {
                        Replacement.CopyTo(output.AsSpan(length));
                        length += Replacement.Length;
                    }

                    break;
                default: output[length++] = value[i]; break;
            }
        }

        return output[..length];
    }

    /// <summary>The text of a string element; half a surrogate pair in it becomes U+FFFD, where <c>GetString</c> would throw.</summary>
    public static string Text(JsonElement element) =>
        HasLoneSurrogate(element) ? Encoding.UTF8.GetString(UnescapeEscaped(JsonMarshal.GetRawUtf8Value(element)[1..^1])) : element.GetString()!;

    private static char Hex4(ReadOnlySpan<byte> digits)
    {
        Span<byte> bytes = stackalloc byte[2];
        // The text was parsed as JSON before, so these are four hexadecimal digits.
        _ = Convert.FromHexString(digits, bytes, out _, out _);
        return (char)(bytes[0] << 8 | bytes[1]);
    }

    /// <summary>Whether a string element holds a surrogate without its other half, and so is no text.</summary>
    public static bool HasLoneSurrogate(JsonElement element) => HasLoneSurrogate(JsonMarshal.GetRawUtf8Value(element));

    /// <summary>Whether all names of objects can be compared: the framework throws at those that hold half a surrogate pair.</summary>
    public static bool AllNamesAreText(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0) return true;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan)) return false;
        }

        return true;
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<byte> raw)
    {
        for (var i = 0; i + 5 < raw.Length; i++)
        {
            if (raw[i] != '\\') continue;
            if (raw[i + 1] != 'u')
            {
                i++;
                continue;
            }

            var unit = Hex4(raw.Slice(i + 2, 4));
            i += 5;
            if (!char.IsSurrogate(unit)) continue;
            if (char.IsLowSurrogate(unit) || i + 6 >= raw.Length || raw[i + 1] != '\\' || raw[i + 2] != 'u'
                || !char.IsLowSurrogate(Hex4(raw.Slice(i + 3, 4)))) return true;
            i += 6;
        }

        return false;
    }
}
