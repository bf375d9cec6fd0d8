using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Logs;

/// <summary>A line for people: local time, level, category, event id, message. What agents said in it cannot reach the terminal as commands.</summary>
internal sealed class TextLogFormatter() : ConsoleFormatter("tinyvex-text")
{
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        var more = entry.Exception is { } exception ? $" {exception}" : "";
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff} {Level(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] {Printable.Line(message + more)}\n"));
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => Screen.Error.Dim("trce"),
        LogLevel.Debug => Screen.Error.Dim("dbug"),
        LogLevel.Information => Screen.Error.Green("info"),
        LogLevel.Warning => Screen.Error.Yellow("warn"),
        LogLevel.Error => Screen.Error.Red("fail"),
        _ => Screen.Error.Red("crit"),
    };
}
