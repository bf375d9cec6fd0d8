using Tinyvex.Cli.Terminal;

namespace Tinyvex.Tests.Terminal;

public class PrintableTests
{
    [Test]
    [Arguments("plain ✓ 🦊\n\tx", "plain ✓ 🦊\n\tx")]
    [Arguments("a\e[2Jb\a", "a␛[2Jb␇")]
    [Arguments("a\r\nb\rc", "a\nbc")]
    [Arguments("\u009b31m\u007f", "\ufffd31m␡")]
    [Arguments("rm\u202etxt.exe", "rm\ufffdtxt.exe")]
    public async Task What_a_terminal_would_obey_is_shown_instead(string text, string expected) => await Assert.That(Printable.Text(text)).IsEqualTo(expected);

    [Test]
    public async Task A_line_stays_one() => await Assert.That(Printable.Line("a\nb\tc\r")).IsEqualTo("a b c");
}
