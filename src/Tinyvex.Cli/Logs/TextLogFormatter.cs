using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Logs;

/// <summary>A line for people: local time, level, category, event id, message. What agents said in it cannot reach the terminal as commands.</summary>
internal sealed class TextLogFormatter() : ConsoleFormatter("tinyvex-text")
{
    // Not asked of Screen where it is no terminal: that would cost a start more than the line.
    private readonly Screen? _screen = Console.IsErrorRedirected ? null : Screen.Error;

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        var more = entry.Exception is { } exception ? $" {exception}" : "";
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff} {Level(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] {Printable.Line(message + more)}\n"));
    }

    private string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => _screen?.Dim("trce") ?? "trce",
        LogLevel.Debug => _screen?.Dim("dbug") ?? "dbug",
        LogLevel.Information => _screen?.Green("info") ?? "info",
        LogLevel.Warning => _screen?.Yellow("warn") ?? "warn",
        LogLevel.Error => _screen?.Red("fail") ?? "fail",
        _ => _screen?.Red("crit") ?? "crit",
    };
}
