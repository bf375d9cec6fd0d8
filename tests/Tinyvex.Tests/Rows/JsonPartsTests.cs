using System.Buffers;
using System.Text;
using System.Text.Json;
using Tinyvex.Rows;

namespace Tinyvex.Tests.Rows;

/// <summary>JSON text as bytes: unescaping, surrogates, and cutting.</summary>
public class JsonPartsTests
{
    [Test]
    [Arguments("""plain é🌍""", "plain é🌍")]
    [Arguments("""\"\\\/\b\f\n\r\t""", "\"\\/\b\f\n\r\t")]
    [Arguments("""\u00e9\u0041\u20AC""", "éA€")]
    [Arguments("""\ud83c\udf0d!""", "🌍!")]
    [Arguments("""a\ud83c""", "a\uFFFD")]
    [Arguments("""\udf0d\ud83c""", "\uFFFD\uFFFD")]
    [Arguments("""\ud83cx\udf0d""", "\uFFFDx\uFFFD")]
    [Arguments("""\ud83c\ud83c\udf0d""", "\uFFFD🌍")]
    [Arguments("""\ud83c\n""", "\uFFFD\n")]
    [Arguments("""\\ud83c""", "\\ud83c")]
    public async Task Escapes_are_resolved_and_halves_of_characters_replaced(string json, string text)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes($"\"{json}\"");
        using var document = JsonDocument.Parse(bytes);
        await Assert.That(Encoding.UTF8.GetString(bytes.StringUtf8(document.RootElement).Span)).IsEqualTo(text);
        await Assert.That(JsonText.HasLoneSurrogate(document.RootElement)).IsEqualTo(text.Contains('\uFFFD'));
    }

    [Test]
    public async Task A_value_is_a_slice_of_its_text()
    {
        ReadOnlyMemory<byte> bytes = """{"a": [1, 2 ],"b":"x"}"""u8.ToArray();
        using var document = JsonDocument.Parse(bytes);
        await Assert.That(Encoding.UTF8.GetString(bytes.Slice(document.RootElement.GetProperty("a")).Span)).IsEqualTo("[1, 2 ]");
    }

    [Test]
    [Arguments("""{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","b":[1,{"c":null}]}""", 16)]
    [Arguments("""[["éééééééééééééééé","🌍🌍🌍🌍🌍🌍🌍🌍"],[true,false,null,1.5e3]]""", 13)]
    [Arguments("""[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23]""", 5)]
    [Arguments("\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", 7)]
    [Arguments("""{"a":{"b":{"c":{"d":"deep"}}}}""", 1)]
    public async Task What_is_cut_is_still_JSON_of_the_same_shape(string json, int budget)
    {
        var cut = Cut(json, budget);
        using var whole = JsonDocument.Parse(json);
        using var part = JsonDocument.Parse(cut);
        await Assert.That(part.RootElement.ValueKind).IsEqualTo(whole.RootElement.ValueKind);
        await Assert.That(cut.Length).IsLessThan(json.Length);
        await Assert.That(cut).DoesNotContain("\uFFFD");
    }

    [Test]
    public async Task What_fits_is_not_cut() => await Assert.That(Cut("""{"a":["é\n",1,true,null]}""", 1_000)).IsEqualTo("""{"a":["é\n",1,true,null]}""");

    [Test]
    public async Task Text_is_cut_between_characters()
    {
        for (var bytes = 0; bytes <= 12; bytes++)
        {
            var cut = Encoding.UTF8.GetString(Utf8Cut.AtMost("aé€🌍!"u8, bytes));
            await Assert.That("aé€🌍!").StartsWith(cut);
            await Assert.That(Encoding.UTF8.GetByteCount(cut)).IsLessThanOrEqualTo(bytes);
        }

        await Assert.That(Utf8Cut.Characters("a🌍é", 2)).IsEqualTo("a🌍");
    }

    private static string Cut(string json, int budget)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonWriting.Options)) JsonCutter.Write(writer, Encoding.UTF8.GetBytes(json), budget);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
