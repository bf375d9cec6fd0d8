using Tinyvex.Cli.Conversations;

namespace Tinyvex.Tests.Terminal;

public class OutputPrinterTests
{
    private const int Most = OutputPrinter.FirstLines + OutputPrinter.LastLines + 1;

    private static string[] Print(string output)
    {
        var screen = new TestScreen();
        new OutputPrinter(screen.Screen).Print(output);
        return screen.Lines;
    }

    private static string Numbers(int count) => string.Join('\n', Enumerable.Range(1, count));

    [Test]
    public async Task Short_output_is_printed_whole() => await Assert.That(Print(Numbers(Most) + "\n").Length).IsEqualTo(Most);

    [Test]
    public async Task Of_long_output_the_middle_is_left_out_and_counted()
    {
        var lines = Print(Numbers(Most + 1));
        await Assert.That(lines[OutputPrinter.FirstLines]).IsEqualTo("    … 2 more lines");
        await Assert.That((lines.Length, lines[0], lines[^1])).IsEqualTo((Most, "    1", $"    {Most + 1}"));
    }

    [Test]
    public async Task A_long_line_is_cut()
    {
        var lines = Print(new string('x', OutputPrinter.MaxLineLength + 1) + "\n" + new string('y', OutputPrinter.MaxLineLength));
        await Assert.That(lines[0]).IsEqualTo("    " + new string('x', OutputPrinter.MaxLineLength) + "…");
        await Assert.That(lines[1]).IsEqualTo("    " + new string('y', OutputPrinter.MaxLineLength));
    }
}
