using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Tinyvex.Protocol;

/// <summary>
/// Builds one WebSocket text frame: JSON behind the header that a server sends (RFC 6455, 5.2: unmasked, in one piece). The same
/// bytes so serve every connection. Used by one thread at a time.
/// </summary>
internal sealed class FrameBuilder : IDisposable
{
    private const int MaxHeader = 10;
    private const byte FinalText = 0x81;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public FrameBuilder() => Json = new Utf8JsonWriter(_buffer, JsonWriting.Options);

    public Utf8JsonWriter Json { get; }

    public int Capacity => _buffer.Capacity;

    /// <summary>Begins a frame; the one before is gone.</summary>
    public Utf8JsonWriter Begin()
    {
        _buffer.ResetWrittenCount();
        _buffer.GetSpan(MaxHeader)[..MaxHeader].Clear();
        _buffer.Advance(MaxHeader);
        Json.Reset();
        return Json;
    }

    /// <summary>The finished frame, valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlyMemory<byte> End()
    {
        Json.Flush();
        var frame = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_buffer.WrittenMemory);
        var length = frame.Length - MaxHeader;
        var header = HeaderSize(length);
        frame = frame[(MaxHeader - header)..];
        WriteHeader(frame.Span, length);
        return frame;
    }

    public static int HeaderSize(int length) => length < 126 ? 2 : length <= ushort.MaxValue ? 4 : 10;

    private static void WriteHeader(Span<byte> at, int length)
    {
        at[0] = FinalText;
        if (length < 126)
        {
            at[1] = (byte)length;
        }
        else if (length <= ushort.MaxValue)
        {
            at[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)length);
        }
        else
        {
            at[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(at[2..], (ulong)length);
        }
    }

    public void Dispose() => Json.Dispose();
}
