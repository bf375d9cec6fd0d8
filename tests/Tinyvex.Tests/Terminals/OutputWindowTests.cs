using System.Text;
using Tinyvex.Terminals;

namespace Tinyvex.Tests.Terminals;

public class OutputWindowTests
{
    [Test]
    [Arguments(1)]
    [Arguments(2)]
    [Arguments(7)]
    [Arguments(1_000)]
    public async Task Text_stays_the_same_however_it_is_cut(int piece)
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i}é€😀\n"));
        var window = new OutputWindow(1_000);
        foreach (var part in Encoding.UTF8.GetBytes(text).Chunk(piece)) window.Append(part);

        var (from, kept) = window.Read(0, long.MaxValue);
        var shown = Encoding.UTF8.GetString(kept);
        await Assert.That(text.EndsWith(shown, StringComparison.Ordinal)).IsTrue();
        await Assert.That(kept.Length).IsGreaterThan(996);
        await Assert.That(from + kept.Length).IsEqualTo(Encoding.UTF8.GetByteCount(text));
        await Assert.That(window.End).IsEqualTo(from + kept.Length);
    }

    [Test]
    public async Task What_is_no_text_becomes_what_the_framework_makes_of_it()
    {
        byte[] bytes = [0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0x61, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0x80, 0xc0, 0xaf, 0xf5, 0x7a];
        var window = new OutputWindow(1_000);
        window.Append(bytes);
        window.Close();

        await Assert.That(Encoding.UTF8.GetString(window.Read(0, 1_000).Text)).IsEqualTo(Encoding.UTF8.GetString(bytes));
    }

    [Test]
    public async Task It_holds_no_more_than_its_limit_and_ends_with_the_last()
    {
        var window = new OutputWindow(100_000);
        var random = new Random(1);
        long printed = 0;
        for (var i = 0; i < 500; i++)
        {
            var part = Enumerable.Repeat((byte)('a' + (i % 26)), random.Next(300_000)).ToArray();
            window.Append(part);
            printed += part.Length;
            var (from, text) = window.Read(0, long.MaxValue);
            if (from + text.Length != printed || text.Length > 100_000 || (part.Length > 0 && text[^1] != part[^1])) throw new InvalidOperationException($"at {i}");
        }

        await Assert.That(window.CharacterFrom(printed - 100_000)).IsEqualTo(printed - 100_000);
        await Assert.That(window.CharacterFrom(0)).IsNull();
    }

    [Test]
    public async Task Who_waits_for_more_is_told_of_it_and_of_the_end()
    {
        var window = new OutputWindow(100);
        var more = window.BeyondAsync(0);
        await Assert.That(more.IsCompleted).IsFalse();
        window.Append("x"u8);
        await more;
        var last = window.BeyondAsync(1);
        await Assert.That(last.IsCompleted).IsFalse();
        window.Close("end");
        await last;
        await Assert.That(Encoding.UTF8.GetString(window.Read(0, 100).Text)).IsEqualTo("xend");
    }
}
