using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
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
    private const int MaxDigits = 20;

    /// <summary>Room for one character at least: a pair of \\uXXXX.</summary>
    private const int MaxEscape = 12;

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

    /// <summary>Appends JSON as it is, where a frame is written past <see cref="Json"/>.</summary>
    public void Append(ReadOnlySpan<byte> json) => _buffer.Write(json);

    public void Append(long number)
    {
        var written = number.TryFormat(_buffer.GetSpan(MaxDigits), out var length, provider: CultureInfo.InvariantCulture);
        Debug.Assert(written, "a long has at most 20 characters");
        _buffer.Advance(length);
    }

    /// <summary>Appends text as it stands between the quotes of a JSON string.</summary>
    public void AppendEscaped(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            var span = _buffer.GetSpan(utf8.Length + MaxEscape);
            var status = JsonWriting.Options.Encoder!.EncodeUtf8(utf8, span, out var read, out var written);
            Debug.Assert(status is OperationStatus.Done or OperationStatus.DestinationTooSmall, "half a character at the end becomes U+FFFD");
            _buffer.Advance(written);
            utf8 = utf8[read..];
        }
    }

    /// <summary>The finished frame, valid until the next <see cref="Begin"/>.</summary>
    /// <param name="following">Bytes of the same frame that are written behind it.</param>
    public ReadOnlyMemory<byte> End(int following = 0)
    {
        Json.Flush();
        var frame = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_buffer.WrittenMemory);
        var length = frame.Length - MaxHeader + following;
        var header = HeaderSize(length);
        frame = frame[(MaxHeader - header)..];
        WriteHeader(frame.Span, length);
        return frame;
    }

    public static int HeaderSize(int length) => length < 126 ? 2 : length <= ushort.MaxValue ? 4 : 10;

    /// <summary>The size of the header that a frame begins with.</summary>
    public static int HeaderSizeOf(ReadOnlySpan<byte> frame) => frame[1] switch { < 126 => 2, 126 => 4, _ => MaxHeader };

    /// <summary>Where the JSON stands in a frame that others may follow.</summary>
    public static (int At, int Length) PayloadOf(ReadOnlySpan<byte> frame) => frame[1] switch
    {
        < 126 => (2, frame[1]),
        126 => (4, BinaryPrimitives.ReadUInt16BigEndian(frame[2..])),
        _ => (MaxHeader, (int)BinaryPrimitives.ReadUInt64BigEndian(frame[2..])),
    };

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
