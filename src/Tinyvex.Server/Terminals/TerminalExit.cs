using System.Text.Json;

namespace Tinyvex.Terminals;

/// <summary>How a command ended: with an exit code, or by a signal; neither where nobody knows.</summary>
internal sealed record TerminalExit(int? ExitCode, string? Signal)
{
    /// <summary>Writes the fields of ACP's <c>TerminalExitStatus</c>.</summary>
    public void WriteFields(Utf8JsonWriter json)
    {
        if (ExitCode is { } code) json.WriteNumber("exitCode"u8, code);
        else json.WriteNull("exitCode"u8);
        json.WriteString("signal"u8, Signal);
    }
}
