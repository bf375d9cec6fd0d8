using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Tests.Terminal;

/// <summary>Rows that fit a terminal.</summary>
public class TableTests
{
    private static string[] Lines(int? width)
    {
        var screen = new TestScreen(isTerminal: width is not null, width ?? 80);
        var table = new Table(screen.Screen, flexible: 1, "ID", "TITLE", "COUNT", "") { Dispensable = [2] };
        table.Add(["a1", "日本語のタイトルはとても長いのです", "5", ""]);
        table.Add(["b2", "A title that is rather long", "12", ""]);
        table.Print();
        return screen.Lines;
    }

    [Test]
    public async Task Nothing_is_cut_where_there_is_no_terminal() => await Assert.That(string.Join('\n', Lines(null))).IsEqualTo("""
        ID  TITLE                               COUNT
        a1  日本語のタイトルはとても長いのです      5
        b2  A title that is rather long            12
        """);

    [Test]
    public async Task The_title_gives_way_to_the_width() => await Assert.That(string.Join('\n', Lines(30))).IsEqualTo("""
        ID  TITLE                COUNT
        a1  日本語のタイトルは…      5
        b2  A title that is ra…     12
        """);

    [Test]
    [Arguments(25, "a1  日本語のタイトルはと…")]
    [Arguments(5, "a1  日本語…")]
    public async Task A_narrow_terminal_does_without_some_columns(int width, string row) => await Assert.That(Lines(width)[1]).IsEqualTo(row);

    [Test]
    [Arguments("plain", 5)]
    [Arguments("日本語", 6)]
    [Arguments("e\u0301", 1)]
    [Arguments("🦊✅", 4)]
    [Arguments("한글 ｆ", 7)]
    [Arguments("√∑ ☑", 4)]
    public async Task Columns_are_counted_as_a_terminal_does(string text, int width) => await Assert.That(TextWidth.Of(text)).IsEqualTo(width);

    [Test]
    [Arguments(0, "0 messages")]
    [Arguments(1, "1 message")]
    [Arguments(1204, "1,204 messages")]
    public async Task One_is_no_plural(int count, string text) => await Assert.That(Plural.Of(count, "message")).IsEqualTo(text);

    [Test]
    public async Task Ids_are_as_short_as_they_can_be_told_apart() =>
        await Assert.That(string.Join(' ', ThreadRows.Shorten(["t1", "0123456789", "0123456788", "abcdefghijkl"]).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)))
            .IsEqualTo("0123456788 0123456789 abcdefgh t1");

    [Test]
    public async Task Control_characters_in_JSON_are_escaped_without_loss() =>
        await Assert.That(JsonLines.Safe("{\"a\":\"\u009b1m\u202eä\"}")).IsEqualTo("{\"a\":\"\\u009b1m\\u202eä\"}");

    [Test]
    [Arguments(20)]
    [Arguments(80)]
    public async Task The_progress_bar_fits(int columns)
    {
        using var bar = new ProgressBar(new TestScreen(isTerminal: true).Screen, "Copying", TimeProvider.System);
        var line = bar.Line(new Tinyvex.Storage.BackupProgress(500, 1000, 4096), TimeSpan.FromSeconds(1), columns);
        await Assert.That(TextWidth.Of(line)).IsLessThan(columns);
        await Assert.That(line).Contains("50 %");
    }
}
