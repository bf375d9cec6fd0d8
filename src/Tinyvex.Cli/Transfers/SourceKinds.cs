using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>Finds out what a file is by what is in it.</summary>
internal static class SourceKinds
{
    /// <summary>Bytes and lines that are looked at: the first lines of some files say little, and may be long.</summary>
    private const int MostBytes = 1024 * 1024, MostLines = 20;

    /// <summary>How to read the file, or null where it is nothing that is known.</summary>
    public static ImportSource? Of(string path)
    {
        var beginning = Beginning(path);
        if (beginning.AsSpan().StartsWith("SQLite format 3\0"u8)) return new DatabaseSource(path);
        var text = beginning.AsSpan().TrimStart("\uFEFF \t\r\n"u8);
        if (!text.StartsWith("{"u8)) return null;
        if (text[..Math.Min(text.Length, 200)].IndexOf("\"tinyvex.thread\""u8) >= 0) return new JsonSource(path);
        var lines = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (++lines > MostLines) break;
            try
            {
                using var document = JsonDocument.Parse(text[range].ToArray());
                if (OfLine(path, document.RootElement) is { } source) return source;
            }
            catch (JsonException)
            {
                // It may be cut here, or be a bad one among good ones.
            }
        }

        return null;
    }

    private static ImportSource? OfLine(string path, JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object) return null;
        if (AcpSource.Message(line) is not null) return new AcpSource(path);
        if (line.TryGetProperty("payload", out _) && line.Text("type") is not null && line.Text("timestamp") is not null) return new CodexSource(path);
        return line.Text("sessionId") is not null && line.Text("type") is not null ? new ClaudeSource(path) : null;
    }

    private static byte[] Beginning(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(file.Length, MostBytes)];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
