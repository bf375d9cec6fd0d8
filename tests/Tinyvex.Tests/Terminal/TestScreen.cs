using System.Text;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Tests.Terminal;

/// <summary>A screen whose text a test can read, and a terminal if it wants one.</summary>
internal sealed class TestScreen(bool isTerminal = false, int columns = 80)
{
    private readonly StringBuilder _text = new();
    private Screen? _screen;

    public Screen Screen => _screen ??= new Screen(new StringWriter(_text), isTerminal, hasColours: false, columns);

    public string Text => _text.ToString();

    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    /// <summary>What a terminal would show: a line that was erased is gone.</summary>
    public string[] Shown => [.. Lines.Select(line => line.Split("\r")[^1].Replace("\e[K", "", StringComparison.Ordinal))];
}
