using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Tinyvex.Cli.Logs;

namespace Tinyvex.Tests.Logs;

/// <summary>What a line of the log looks like, and which lines there are.</summary>
public class LogTests
{
    [Test]
    public async Task A_line_of_text_has_time_level_category_id_and_message()
    {
        await Assert.That(Text(LogLevel.Warning, "The disk is full")).Matches(@"^\d\d:\d\d:\d\d\.\d{3} warn: Tinyvex\[7\] The disk is full\n$");
    }

    [Test]
    [Arguments(LogLevel.Trace, "trce")]
    [Arguments(LogLevel.Debug, "dbug")]
    [Arguments(LogLevel.Information, "info")]
    [Arguments(LogLevel.Error, "fail")]
    [Arguments(LogLevel.Critical, "crit")]
    public async Task Each_level_has_its_word(LogLevel level, string word) =>
        await Assert.That(Text(level, "x")).Contains($" {word}: ");

    [Test]
    public async Task What_an_agent_said_and_an_exception_stay_on_the_line_and_cannot_command_a_terminal()
    {
        var line = Text(LogLevel.Error, "said: \e[2Jone\ntwo", new InvalidOperationException("three\nfour"));
        await Assert.That(line.TrimEnd('\n')).DoesNotContain("\n").And.DoesNotContain("\e");
        await Assert.That(line).Contains("one two").And.Contains("InvalidOperationException: three four");
    }

    [Test]
    public async Task A_line_of_JSON_has_the_values_of_its_message_with_their_types()
    {
        KeyValuePair<string, object?>[] values = [new("Number", 7L), new("Count", 3), new("Broadcast", true), new("Pid", null), new("Url", "http://x")];
        var line = Written(new JsonLogFormatter(), LogLevel.Information, "a \"message\"", null, values);
        await Assert.That(line.TrimEnd('\n')).DoesNotContain("\n");
        var record = JsonDocument.Parse(line).RootElement;
        await Assert.That(DateTimeOffset.UtcNow - record.GetProperty("Timestamp").GetDateTimeOffset()).IsLessThan(TimeSpan.FromMinutes(1));
        await Assert.That(record.GetProperty("EventId").GetInt32()).IsEqualTo(7);
        await Assert.That(record.GetProperty("LogLevel").GetString()).IsEqualTo("Information");
        await Assert.That(record.GetProperty("Category").GetString()).IsEqualTo("Tinyvex");
        await Assert.That(record.GetProperty("Message").GetString()).IsEqualTo("a \"message\"");
        await Assert.That(record.TryGetProperty("Exception", out _)).IsFalse();
        await Assert.That(record.GetProperty("State").GetRawText()).IsEqualTo("""{"Number":7,"Count":3,"Broadcast":true,"Pid":null,"Url":"http://x"}""");
    }

    [Test]
    public async Task A_line_of_JSON_has_the_whole_exception()
    {
        var line = Written(new JsonLogFormatter(), LogLevel.Error, "x", new InvalidOperationException("one\ntwo"), []);
        await Assert.That(line.TrimEnd('\n')).DoesNotContain("\n");
        await Assert.That(JsonDocument.Parse(line).RootElement.GetProperty("Exception").GetString()).IsEqualTo("System.InvalidOperationException: one\ntwo");
    }

    [Test]
    [Arguments(LogLevel.Trace, LogLevel.Trace)]
    [Arguments(LogLevel.Debug, LogLevel.Warning)]
    [Arguments(LogLevel.Information, LogLevel.Warning)]
    [Arguments(LogLevel.Error, LogLevel.Error)]
    public async Task Frameworks_are_heard_from_warnings_on_but_at_trace(LogLevel asked, LogLevel ofFrameworks)
    {
        using var loggers = StderrLogs.Create(asked, json: false);
        await Assert.That(Lowest(loggers.CreateLogger("Tinyvex"))).IsEqualTo(asked);
        await Assert.That(Lowest(loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel"))).IsEqualTo(ofFrameworks);
    }

    private static LogLevel Lowest(ILogger logger) => Enum.GetValues<LogLevel>().First(logger.IsEnabled);

    private static string Text(LogLevel level, string message, Exception? exception = null) => Written(new TextLogFormatter(), level, message, exception, []);

    private static string Written(
        ConsoleFormatter formatter, LogLevel level, string message, Exception? exception, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        using var writer = new StringWriter();
        formatter.Write(new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(level, "Tinyvex", 7, values, exception, (_, _) => message), null, writer);
        return writer.ToString();
    }
}
