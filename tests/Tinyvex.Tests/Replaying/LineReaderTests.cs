using System.Text;
using Tinyvex.Replaying;

namespace Tinyvex.Tests.Replaying;

public class LineReaderTests
{
    [Test]
    [Arguments("", "")]
    [Arguments("a", "a|")]
    [Arguments("a\nb\n", "a|b|")]
    [Arguments("a\r\n\nb", "a||b|")]
    [Arguments("0123456789\n01234567890\nok\n", "0123456789|too long|ok|")]
    [Arguments("01234567890", "too long|")]
    public async Task A_stream_is_cut_at_its_line_breaks(string text, string lines)
    {
        await Assert.That(ReadAll(new MemoryStream(Encoding.UTF8.GetBytes(text)), 10)).IsEqualTo(lines);
    }

    [Test]
    public async Task A_long_line_is_passed_over_in_bounded_memory_and_the_next_one_is_read()
    {
        var text = new string('x', 1_000_000) + "\nafter\n" + new string('y', 100_000) + "\n";

        await Assert.That(ReadAll(new MemoryStream(Encoding.UTF8.GetBytes(text)), 99_999)).IsEqualTo("too long|after|too long|");
        await Assert.That(ReadAll(new MemoryStream(Encoding.UTF8.GetBytes(text)), 1_000_000).Length).IsEqualTo(1_100_008);
    }

    private static string ReadAll(Stream stream, int maxLength)
    {
        var text = new StringBuilder();
        var reader = new LineReader(stream, maxLength);
        while (reader.Read() is { } line)
            text.Append(line.IsTooLong ? "too long" : Encoding.UTF8.GetString(line.Bytes.Span)).Append('|');
        return text.ToString();
    }
}
