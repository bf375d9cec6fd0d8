using System.Text.Json;

namespace Tinyvex.Cli.Transfers;

/// <summary>Times of a recording that counts from its own beginning, in milliseconds as <c>t</c>.</summary>
internal static class AcpTimes
{
    /// <summary>Bytes at the end of a file in which its last line is looked for.</summary>
    private const int TailBytes = 1024 * 1024;

    public static long? SinceBegin(JsonElement line) =>
        line.TryGetProperty("t"u8, out var t) && t.ValueKind == JsonValueKind.Number && t.TryGetDouble(out var time) && time is >= 0 and < 1e13 ? (long)time : null;

    /// <summary>When the recording began, if its last line was written when the file was; null where its lines have no <c>t</c>.</summary>
    public static long? Base(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - TailBytes);
        var tail = new byte[file.Length - file.Position];
        var text = tail.AsSpan(0, file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false)).TrimEnd("\r\n \t"u8);
        try
        {
            using var last = JsonDocument.Parse(text[(text.LastIndexOf((byte)'\n') + 1)..].ToArray());
            return last.RootElement.ValueKind == JsonValueKind.Object && SinceBegin(last.RootElement) is { } since
                ? new DateTimeOffset(File.GetLastWriteTimeUtc(path)).ToUnixTimeMilliseconds() - since
                : null;
        }
        catch (JsonException)
        {
            // A line that was cut off says nothing of the time.
            return null;
        }
    }
}
