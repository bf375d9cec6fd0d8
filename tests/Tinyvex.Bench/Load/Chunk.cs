using System.Globalization;
using System.Text;

namespace Tinyvex.Bench.Load;

/// <summary>One chunk of an agent's message: the frame that a client sends, and the parts of it that end in rows.</summary>
internal sealed record Chunk(byte[] Frame, byte[] Raw, byte[] Text, string MessageId)
{
    /// <summary>About a line of an agent's text.</summary>
    public const int TextBytes = 48;

    /// <summary>Chunks of one message, about 10 KB: an answer of common length.</summary>
    public const int OfMessage = 200;

    /// <summary>Stands once in each text and nowhere else in a frame: deliveries are counted by it.</summary>
    public const byte Mark = (byte)'|';

    private const string Words = "the quick brown fox jumps over the lazy dog and on";

    public static Chunk Create(string threadId, long number, int textBytes = TextBytes, string? messageId = null)
    {
        messageId ??= string.Create(CultureInfo.InvariantCulture, $"m{number / OfMessage}");
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{number:D9}|"), textBytes);
        while (text.Length < textBytes) text.Append(Words, 0, Math.Min(Words.Length, textBytes - text.Length));
        var raw = $$$"""{"sessionUpdate":"agent_message_chunk","messageId":"{{{messageId}}}","content":{"type":"text","text":"{{{text}}}"}}""";
        var frame = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"control":"tvx.ingest","id":{{number + 1}},"provider":"bench","threadId":"{{threadId}}","update":{{raw}}}""");
        return new Chunk(Encoding.UTF8.GetBytes(frame), Encoding.UTF8.GetBytes(raw), Encoding.UTF8.GetBytes(text.ToString()), messageId);
    }

    public static Chunk[] CreateMany(string threadId, int count) => [.. Enumerable.Range(0, count).Select(number => Create(threadId, number))];
}
