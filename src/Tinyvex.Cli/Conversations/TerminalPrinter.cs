using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>Prints a command that an agent had run: how it ended, and its first and last lines of output.</summary>
internal sealed class TerminalPrinter(Screen screen)
{
    private readonly OutputPrinter _output = new(screen);

    public void Print(JsonElement row, string output)
    {
        var line = Printable.Line("$ " + CommandOf(row));
        var state = StateOf(row);
        screen.WriteLine($"{(row.Number("exitCode") is > 0 ? screen.Red(line) : screen.Cyan(line))}{(state.Length == 0 ? "" : screen.Dim($" ({state})"))}");
        if (output.Trim('\n').Length > 0) _output.Print(output);
    }

    /// <summary>The command and its arguments, as one reads them.</summary>
    public static string CommandOf(JsonElement row) => string.Join(' ', row.Items("args").Select(argument => argument.GetString()!).Prepend(row.Text("command")!));

    /// <summary>How it stands or ended; nothing where it ended as it should.</summary>
    public static string StateOf(JsonElement row) => (row.Text("status"), row.Text("signal"), row.Number("exitCode")) switch
    {
        ("exited", null, 0) => "",
        ("exited", { } signal, _) => signal,
        ("exited", _, { } code) => FormattableString.Invariant($"exit {code}"),
        var (status, _, _) => status ?? "",
    };
}
