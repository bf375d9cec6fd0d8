using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>
/// Reads a transcript and finds out which request each message of the agent belongs to. That takes two passes: what a
/// <c>session/new</c> caused is known by the session id, and that is in its answer only.
/// </summary>
internal static class TranscriptReader
{
    private const long MaxFileLength = 256L << 20;
    private const int MaxLineLength = 64 << 20;

    // A longer time is a broken clock, and more than a timer can be asked to wait.
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(30);

    /// <exception cref="TranscriptException">The stream is not a transcript.</exception>
    public static Transcript Read(Stream stream, string name)
    {
        if (stream.CanSeek && stream.Length > MaxFileLength)
            throw TooLarge(name);

        var lines = new List<TranscriptLine>();
        var reader = new LineReader(stream, MaxLineLength);
        var scanner = new MessageScanner();
        var length = 0L;
        for (var number = 1; reader.Read() is { } line; number++)
        {
            if (line.IsTooLong)
                throw new TranscriptException(name, number, $"is longer than {MaxLineLength >> 20} MiB");
            if ((length += line.Bytes.Length) > MaxFileLength)
                throw TooLarge(name);
            if (line.Bytes.Span.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
                continue;
            lines.Add(ReadLine(line.Bytes, scanner, name, number));
        }

        var exchanges = new TranscriptAssembler(PairAnswers(lines)).Assemble(lines);
        if (exchanges.Count == 0)
            throw new TranscriptException(name, "holds no request of a client, so there is nothing to answer from it");
        return new Transcript(exchanges);
    }

    private static TranscriptException TooLarge(string name) => new(name, $"is larger than {MaxFileLength >> 20} MiB");

    private static TranscriptLine ReadLine(ReadOnlyMemory<byte> bytes, MessageScanner scanner, string name, int number)
    {
        try
        {
            // The line is parsed where it lies; what is kept of it is copied.
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MessageScanner.MaxDepth });
            var line = document.RootElement;
            if (line.ValueKind != JsonValueKind.Object)
                throw new TranscriptException(name, number, "is not a JSON object");

            var fromClient = (line.TryGetProperty("dir"u8, out var dir) && dir.ValueKind == JsonValueKind.String
                ? dir.GetString() : null) switch
            {
                "c2a" => true,
                "a2c" => false,
                _ => throw new TranscriptException(name, number, "has no \"dir\" of \"c2a\" or \"a2c\""),
            };

            if (!line.TryGetProperty("t"u8, out var t) || t.ValueKind != JsonValueKind.Number
                || !(t.GetDouble() is var milliseconds && milliseconds >= 0 && milliseconds <= MaxTime.TotalMilliseconds))
                throw new TranscriptException(name, number, "has no time \"t\" in milliseconds from 0 to 30 days");
            var time = TimeSpan.FromMilliseconds(milliseconds);

            if (line.TryGetProperty("msg"u8, out var message))
            {
                var copy = JsonMarshal.GetRawUtf8Value(message).ToArray();
                return new TranscriptLine(fromClient, time, Scan(copy, scanner, name, number), default);
            }

            if (!fromClient && line.TryGetProperty("raw"u8, out var raw) && raw.ValueKind == JsonValueKind.String)
                return new TranscriptLine(fromClient, time, null, Encoding.UTF8.GetBytes(raw.GetString()!));
            throw new TranscriptException(name, number, "has neither a \"msg\" nor, of the agent, a \"raw\" text");
        }
        catch (JsonException e)
        {
            throw new TranscriptException(name, number, $"is not JSON (at byte {e.BytePositionInLine})");
        }
        catch (InvalidOperationException)
        {
            throw new TranscriptException(name, number, "has a string that is not Unicode text");
        }
    }

    private static RecordedMessage Scan(byte[] message, MessageScanner scanner, string name, int number)
    {
        try
        {
            return scanner.Scan(message);
        }
        catch (JsonException)
        {
            throw new TranscriptException(name, number, "has a \"msg\" that is not a JSON object");
        }
    }

    /// <summary>
    /// Which answer belongs to which request of the client. Ids may come again: the newest open request counts.
    /// </summary>
    private static Dictionary<RecordedMessage, RecordedMessage> PairAnswers(List<TranscriptLine> lines)
    {
        var open = new Dictionary<string, RecordedMessage>(StringComparer.Ordinal);
        var answers = new Dictionary<RecordedMessage, RecordedMessage>();
        foreach (var line in lines)
        {
            if (line.Message is not { Id: { } id } message)
                continue;
            if (line.FromClient && message.IsRequest)
                open[id] = message;
            else if (!line.FromClient && message.IsAnswer && open.Remove(id, out var request))
                answers.Add(request, message);
        }

        return answers;
    }
}
