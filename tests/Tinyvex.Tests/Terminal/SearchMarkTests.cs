using System.Text.Json;
using Tinyvex.Cli.Commands;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Tests.Terminal;

/// <summary>How what was looked for stands out.</summary>
public class SearchMarkTests
{
    [Test]
    public async Task On_a_terminal_the_words_stand_out()
    {
        var row = JsonDocument.Parse("""{"snippet":"a 锁 \u001b\nb lock","highlights":[[2,1],[8,4]]}""").RootElement;
        await Assert.That(SearchVerb.Marked(row, new Screen(TextWriter.Null, isTerminal: true, hasColours: true))).IsEqualTo("a \e[1m\e[33m锁\e[0m\e[0m ␛ b \e[1m\e[33mlock\e[0m\e[0m");
    }
}
