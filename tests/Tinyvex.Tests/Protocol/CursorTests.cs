using Tinyvex.Protocol;
using Tinyvex.Storage;

namespace Tinyvex.Tests.Protocol;

public class CursorTests
{
    private static readonly StoreIdentity Identity = new("0123456789abcdef0123456789abcdef", 77);

    [Test]
    [Arguments(0L)]
    [Arguments(1L)]
    [Arguments(long.MaxValue)]
    public async Task It_comes_back_as_it_was_given(long position)
    {
        var cursor = Cursor.At(Identity, position);
        await Assert.That(Cursor.TryParse(cursor.ToString(), out var read)).IsTrue();
        await Assert.That(read).IsEqualTo(cursor);
        await Assert.That(cursor.ToString().Length).IsEqualTo(Cursor.Length);
        await Assert.That(read.Store).IsEqualTo(0x0123456789abcdefUL);
    }

    [Test]
    [Arguments("")]
    [Arguments("abc")]
    [Arguments("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [Arguments("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*")]
    [Arguments("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [Arguments("               AAAAAAAAAAAAAAAAA")]
    [Arguments("éééééééééééééééééééééééééééééééé")]
    public async Task Anything_else_is_none(string text) => await Assert.That(Cursor.TryParse(text, out _)).IsFalse();
}
