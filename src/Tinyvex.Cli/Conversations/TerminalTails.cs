using System.Text;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Conversations;

/// <summary>What the terminals of a turn have printed, the end of it: enough for the lines that are shown when they end.</summary>
internal sealed class TerminalTails
{
    /// <summary>Characters that are kept of each.</summary>
    private const int MaxLength = 64 * 1024;

    private readonly Dictionary<string, StringBuilder> _tails = new(StringComparer.Ordinal);

    /// <summary>Adds what an update says that was printed.</summary>
    public void Append(JsonElement update)
    {
        var tail = Of(update);
        if (update.Number("from") == update.Number("outputStart")) tail.Clear();
        tail.Append(update.Text("append"));
        if (tail.Length > 2 * MaxLength) tail.Remove(0, tail.Length - MaxLength);
    }

    /// <summary>Takes what a row has of the output, where it has it.</summary>
    public void Take(JsonElement row)
    {
        if (row.Text("output") is { } output) Of(row).Clear().Append(output);
    }

    /// <summary>What a terminal has printed, which is then forgotten; null where it was already.</summary>
    public string? Remove(JsonElement row) => _tails.Remove(row.Text("terminalId")!, out var tail) ? tail.ToString() : null;

    private StringBuilder Of(JsonElement terminal)
    {
        var id = terminal.Text("terminalId")!;
        if (!_tails.TryGetValue(id, out var tail)) _tails[id] = tail = new StringBuilder();
        return tail;
    }
}
