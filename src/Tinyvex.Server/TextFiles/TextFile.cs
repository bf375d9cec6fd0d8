using System.Buffers;
using System.Text.Unicode;

namespace Tinyvex.TextFiles;

/// <summary>Reads and writes text files for agents. The paths are resolved already.</summary>
internal static class TextFile
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Lines are counted from the file's beginning; behind this many bytes nobody looks for a line of text.</summary>
    private const long MostScanned = 1024 * 1024 * 1024;

    /// <summary>The text from a line on, with the ends of its lines as they are.</summary>
    /// <param name="line">The first line, counted from 1.</param>
    /// <param name="limit">Lines at most; null for all.</param>
    /// <param name="maxBytes">Bytes that may be given.</param>
    /// <exception cref="FileRefusedException">There is no such file, it is too large, or it is no text.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static ReadOnlyMemory<byte> Read(string path, long line, long? limit, int maxBytes)
    {
        if (Directory.Exists(path)) throw new FileRefusedException($"'{path}' is a directory");
        if (!FileKind.IsPlain(path)) throw new FileRefusedException($"'{path}' is no plain file");
        if (!File.Exists(path)) throw new FileRefusedException($"'{path}' does not exist", isMissing: true);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var text = new ArrayBufferWriter<byte>();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var (skip, take) = (Math.Max(line, 1) - 1, limit ?? long.MaxValue);
            for (long offset = 0; take > 0;)
            {
                var read = RandomAccess.Read(file, buffer, offset);
                if (read == 0) break;
                offset += read;
                var bytes = buffer.AsSpan(0, read);
                bytes = bytes[AfterLines(bytes, ref skip)..];
                if (skip > 0 && offset > MostScanned) throw new FileRefusedException($"line {line} of '{path}' is more than 1 GiB behind its beginning");
                if (skip > 0) continue;
                bytes = limit is null ? bytes : bytes[..AfterLines(bytes, ref take)];
                if (text.WrittenCount + bytes.Length > maxBytes)
                {
                    throw new FileRefusedException($"'{path}' is longer than {maxBytes} bytes; ask for fewer lines by 'line' and 'limit'");
                }

                text.Write(bytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Utf8.IsValid(text.WrittenSpan) ? text.WrittenMemory : throw new FileRefusedException($"'{path}' is no UTF-8 text");
    }

    /// <summary>Writes a file, and makes it and the directories that it is in where they do not exist.</summary>
    /// <exception cref="FileRefusedException">Something else has that name.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static void Write(string path, ReadOnlySpan<byte> text)
    {
        if (Directory.Exists(path)) throw new FileRefusedException($"'{path}' is a directory");
        if (!FileKind.IsPlain(path)) throw new FileRefusedException($"'{path}' is no plain file");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        RandomAccess.Write(file, text, fileOffset: 0);
    }

    /// <summary>The place behind so many ends of lines, or the end; counts down by those that were found.</summary>
    private static int AfterLines(ReadOnlySpan<byte> bytes, ref long lines)
    {
        var at = 0;
        while (lines > 0)
        {
            var end = bytes[at..].IndexOf((byte)'\n');
            if (end < 0) return bytes.Length;
            at += end + 1;
            lines--;
        }

        return at;
    }
}
