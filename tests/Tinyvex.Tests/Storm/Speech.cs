using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tinyvex.Tests.Storm;

/// <summary>What agents say: texts of all sizes in many languages, each beginning with a mark by which it is known again.</summary>
internal static class Speech
{
    /// <summary>Surrounds the mark, and stands in no text.</summary>
    public const char Open = '⟦';
    public const char Close = '⟧';

    private static readonly string[] Words =
    [
        "Grüße ", "the lock ", "数据库", "锁", "🌍", "👩‍🚀", "𝔘𝔫𝔦", "नमस्ते ", "مرحبا ", "한국어 ", "\n", "\t", "\"quoted\" ", "back\\slash ", "\u0001", "\u2028", "</script>", "e\u0301", "x", " ",
    ];

    public static string Text(Random random, string mark)
    {
        var text = new StringBuilder().Append(Open).Append(mark).Append(Close);
        var length = text.Length + random.Next(1_000) switch
        {
            < 700 => random.Next(30),
            < 930 => random.Next(1_500),
            < 995 => random.Next(12_000),
            < 999 => random.Next(60_000),
            _ => 150_000 + random.Next(100_000),
        };
        while (text.Length < length) text.Append(Words[random.Next(Words.Length)]);
        return text.ToString();
    }

    /// <summary>A JSON string, written in one of the ways that clients write one.</summary>
    public static string Json(Random random, string text) =>
        $"\"{JsonEncodedText.Encode(text, random.Next(2) == 0 ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
