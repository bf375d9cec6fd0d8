using System.Text;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>A turn for programs: the frames of the server, one a line, and a last line that says what came of it.</summary>
internal sealed class TurnJson(TextWriter writer)
{
    public void Frame(byte[] message) => writer.Write(JsonLines.Safe(Encoding.UTF8.GetString(message)) + "\n");

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
}
