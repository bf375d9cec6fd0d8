using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Conversations;

namespace Tinyvex.Tests.Terminal;

public class DiffPrinterTests
{
    private static string[] Print(string? before, string after, string path = "/home/me/project/a.txt")
    {
        var screen = new TestScreen();
        var diff = new JsonObject { ["type"] = "diff", ["path"] = path, ["oldText"] = before, ["newText"] = after };
        new DiffPrinter(screen.Screen, "/home/me/project").Print(JsonDocument.Parse(diff.ToJsonString()).RootElement);
        return screen.Lines;
    }

    private static string Numbers(int from, int to) => string.Concat(Enumerable.Range(from, to - from + 1).Select(i => $"{i}\n"));

    [Test]
    public async Task Changes_stand_between_two_lines_of_what_is_around_them()
    {
        var lines = Print(Numbers(1, 30), Numbers(1, 9) + "ten\n" + Numbers(11, 19) + Numbers(21, 30));
        await Assert.That(string.Join('|', lines)).IsEqualTo(
            "  a.txt  +1 −2|    8|    9|  - 10|  + ten|    11|    12|  ⋮ |    18|    19|  - 20|    21|    22");
    }

    [Test]
    public async Task A_new_file_is_all_added() =>
        await Assert.That(string.Join('|', Print(null, "a\nb\n", "/elsewhere/new.txt"))).IsEqualTo("  /elsewhere/new.txt (new)  +2 −0|  + a|  + b");

    [Test]
    public async Task A_file_that_becomes_empty_is_all_removed() =>
        await Assert.That(string.Join('|', Print("a\r\nb", ""))).IsEqualTo("  a.txt  +0 −2|  - a|  - b");

    [Test]
    public async Task What_is_beyond_the_bound_is_counted()
    {
        var lines = Print(null, Numbers(1, DiffPrinter.MaxLines + 5));
        await Assert.That(lines.Length).IsEqualTo(DiffPrinter.MaxLines + 2);
        await Assert.That(lines[^1]).IsEqualTo("  … 5 more lines");
    }
}
