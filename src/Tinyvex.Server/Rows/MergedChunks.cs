using System.Buffers;

namespace Tinyvex.Rows;

/// <summary>
/// Chunks of a final message for which one event of the log stands. Their text is in the message. The event keeps where each of them ended,
/// in the log and in the text, so that a cursor from between two of them still cuts there.
/// </summary>
/// <remarks>
/// For each chunk its bytes of text, doubled; one more where it did not follow the event before it at once, and then the distance. A number
/// takes seven bits a byte. So a short chunk takes one byte.
/// </remarks>
internal static class MergedChunks
{
    /// <summary>Chunks of one event: some milliseconds' work to merge, and at 2 bytes each still a small row.</summary>
    public const int Most = 256;

    /// <summary>Text of one event, in bytes: what goes out as one update.</summary>
    public const int MostText = 64 * 1024;

    /// <summary>
    /// Events from the first chunk to the last: who reads up to a place in the log finds all that begins before it and ends behind it within
    /// so many events.
    /// </summary>
    public const int MostSpan = 4_096;

    /// <param name="chunks">Id of each chunk's event, and the message's length with it.</param>
    /// <param name="start">The message's length before the first.</param>
    public static byte[] Encode(IReadOnlyList<(long Id, long TextLen)> chunks, long start)
    {
        var bytes = new ArrayBufferWriter<byte>(chunks.Count * 2);
        var (id, length) = (chunks[0].Id - 1, start);
        foreach (var chunk in chunks)
        {
            var distance = chunk.Id - id;
            Write(bytes, ((chunk.TextLen - length) << 1) | (distance == 1 ? 0L : 1L));
            if (distance != 1) Write(bytes, distance);
            (id, length) = chunk;
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The chunks behind one place in the log and up to another; null where there is none.</summary>
    /// <param name="id">Of the event, which is the last chunk's.</param>
    /// <param name="seq">The last chunk's number.</param>
    /// <param name="textLen">The message's length with the last chunk.</param>
    public static ChunkRange? Between(ReadOnlySpan<byte> boundaries, long id, long seq, long textLen, long after, long to)
    {
        var (count, span, length) = (0, 0L, 0L);
        for (var rest = boundaries; !rest.IsEmpty; count++)
        {
            var (bytes, distance) = Next(ref rest);
            length += bytes;
            if (count > 0) span += distance;
        }

        var (at, number, end) = (id - span - 1, seq - count, textLen - length);
        ChunkRange? range = null;
        for (var rest = boundaries; !rest.IsEmpty;)
        {
            var (start, isFirst) = (end, rest.Length == boundaries.Length);
            var (bytes, distance) = Next(ref rest);
            at += isFirst ? 1 : distance;
            number++;
            end += bytes;
            if (at <= after) continue;
            if (at > to) break;
            range = range is { } known
                ? known with { Position = at, Seq = number, TextLen = end }
                : new ChunkRange(at, number, number, start, end);
        }

        return range;
    }

    private static (long Bytes, long Distance) Next(ref ReadOnlySpan<byte> rest)
    {
        var number = Read(ref rest);
        return (number >> 1, (number & 1) == 0 ? 1 : Read(ref rest));
    }

    private static void Write(ArrayBufferWriter<byte> bytes, long number)
    {
        for (; number >= 0x80; number >>= 7) bytes.Write([(byte)(number | 0x80)]);
        bytes.Write([(byte)number]);
    }

    private static long Read(ref ReadOnlySpan<byte> rest)
    {
        var number = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var next = rest[0];
            rest = rest[1..];
            number |= (long)(next & 0x7f) << shift;
            if (next < 0x80) return number;
        }
    }
}
