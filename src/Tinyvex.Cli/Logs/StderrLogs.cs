using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Tinyvex.Cli.Logs;

/// <summary>
/// The framework's console logger on stderr, put together by hand: its builder brings a container for services, which takes a third of
/// the time of a whole start, and its formatters can be had from there alone.
/// </summary>
internal static class StderrLogs
{
    public static ILoggerFactory Create(LogLevel level, bool json)
    {
        ConsoleFormatter formatter = json ? new JsonLogFormatter() : new TextLogFormatter();
        var options = new Unchanging(new ConsoleLoggerOptions
        {
            FormatterName = formatter.Name,
            LogToStandardErrorThreshold = LogLevel.Trace,
            // Nobody may read our stderr; that must not hold up the server.
            QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite,
        });
        var filter = new LoggerFilterOptions { MinLevel = level };
        // Frameworks tell of every request at Information; that is ours to do.
        var ofFrameworks = level < LogLevel.Debug ? level : level > LogLevel.Warning ? level : LogLevel.Warning;
        filter.Rules.Add(new LoggerFilterRule(providerName: null, categoryName: "Microsoft", ofFrameworks, filter: null));
        var loggers = new LoggerFactory([], filter);
        // Added and not given to the constructor: only so does it end with the factory, its last lines written.
        loggers.AddProvider(new ConsoleLoggerProvider(options, [formatter]));
        return loggers;
    }

    private sealed class Unchanging(ConsoleLoggerOptions value) : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue => value;

        public ConsoleLoggerOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
