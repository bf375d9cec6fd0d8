using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Tinyvex.Cli.Logs;

/// <summary>An object a line for programs, with the names of the framework's own JSON logs; times are UTC.</summary>
internal sealed class JsonLogFormatter() : ConsoleFormatter("tinyvex-json")
{
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp"u8, TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("EventId"u8, entry.EventId.Id);
            json.WriteString("LogLevel"u8, entry.LogLevel.ToString());
            json.WriteString("Category"u8, entry.Category);
            json.WriteString("Message"u8, entry.Formatter(entry.State, entry.Exception));
            if (entry.Exception is { } exception) json.WriteString("Exception"u8, exception.ToString());
            WriteState(json, entry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    /// <summary>The values within the message, by the names they have in its template.</summary>
    private static void WriteState(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        json.WriteStartObject("State"u8);
        foreach (var (name, value) in values)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
