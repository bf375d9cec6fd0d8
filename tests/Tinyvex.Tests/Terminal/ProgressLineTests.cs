using Tinyvex.Cli.Terminal;

namespace Tinyvex.Tests.Terminal;

public class ProgressLineTests
{
    [Test]
    public async Task It_is_gone_before_anything_else_is_printed()
    {
        var screen = new TestScreen(isTerminal: true);
        var progress = new ProgressLine(screen.Screen);
        progress.Show("Waiting", TimeSpan.FromSeconds(3.7));
        var shown = screen.Shown[^1];
        progress.Clear();
        progress.Clear();
        screen.Screen.WriteLine("text");
        await Assert.That(shown).IsEqualTo("⠋ Waiting · 3 s");
        await Assert.That(screen.Shown[^1]).IsEqualTo("text");
    }

    [Test]
    [Arguments("npm install everything there is", 20, "⠋ npm instal… · 2 s")]
    [Arguments("日本語日本語日本語", 20, "⠋ 日本語日本… · 2 s")]
    [Arguments("short", 6, "")]
    public async Task It_never_wraps(string what, int columns, string expected)
    {
        var screen = new TestScreen(isTerminal: true, columns);
        new ProgressLine(screen.Screen).Show(what, TimeSpan.FromSeconds(2));
        await Assert.That(screen.Shown[^1]).IsEqualTo(expected);
    }

    [Test]
    public async Task Without_a_terminal_there_is_none()
    {
        var screen = new TestScreen();
        new ProgressLine(screen.Screen).Show("Waiting", TimeSpan.FromSeconds(2));
        await Assert.That(screen.Text).IsEqualTo("");
    }
}
