using System.Text;
using System.Text.Json;

namespace Tinyvex.Cli.Terminal;

/// <summary>A turn for programs: the frames of the server, one a line, and a last line that says what came of it.</summary>
internal sealed class JsonLines(TextWriter writer)
{
    public void Frame(byte[] message) => writer.Write(OnOneLine(Encoding.UTF8.GetString(message)) + "\n");

    public void Result(RunOutcome outcome, string? threadId, string? runId)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "tinyvex.run_result"u8);
            json.WriteString("threadId"u8, threadId);
            json.WriteString("runId"u8, runId);
            json.WriteString("status"u8, outcome.Status);
            json.WriteString("stopReason"u8, outcome.StopReason);
            if (outcome.ErrorMessage is null)
            {
                json.WriteNull("error"u8);
            }
            else
            {
                json.WriteStartObject("error"u8);
                json.WriteString("code"u8, outcome.ErrorCode);
                json.WriteString("message"u8, outcome.ErrorMessage);
                json.WriteEndObject();
            }

            json.WriteNumber("exitCode"u8, outcome.ExitCode);
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    /// <summary>
    /// The same JSON without line ends, which may stand between its parts where a client stored an update with them, and without the control
    /// characters that JSON allows in strings and a terminal would obey.
    /// </summary>
    private static string OnOneLine(string json)
    {
        if (!json.AsSpan().ContainsAny('\n', '\r') && !json.AsSpan().ContainsAnyInRange('\x7f', '\x9f')) return json;
        var line = new StringBuilder(json.Length);
        foreach (var c in json)
        {
            if (c is '\n' or '\r') line.Append(' ');
            else if (c is >= '\x7f' and <= '\x9f') line.Append($"\\u{(int)c:x4}");
            else line.Append(c);
        }

        return line.ToString();
    }
}
