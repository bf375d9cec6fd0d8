using System.Buffers;

namespace Tinyvex.Cli.Proxying;

/// <summary>Copies lines out of bytes that come in pieces. What is longer than a limit passes all the same, and is only measured.</summary>
internal sealed class LineCutter(int maxBytes)
{
    /// <summary>A buffer that a long line has left behind is given back.</summary>
    private const int KeptBytes = 256 * 1024;

    private ArrayBufferWriter<byte> _begun = new();

    /// <summary>Bytes of the line that has begun.</summary>
    public long Length { get; private set; }

    /// <summary>The line that has begun, as far as it is kept.</summary>
    public ReadOnlySpan<byte> Begun => _begun.WrittenSpan;

    /// <summary>Adds bytes in which no line ends.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (Length <= maxBytes) _begun.Write(bytes);
        else if (_begun.WrittenCount > 0) _begun = new ArrayBufferWriter<byte>();
    }

    /// <summary>Adds the last bytes of a line, and gives the line.</summary>
    public CutLine End(ReadOnlySpan<byte> bytes)
    {
        var length = Length + bytes.Length;
        byte[]? line = null;
        if (length <= maxBytes)
        {
            line = new byte[length];
            _begun.WrittenSpan.CopyTo(line);
            bytes.CopyTo(line.AsSpan((int)Length));
        }

        if (_begun.Capacity > KeptBytes) _begun = new ArrayBufferWriter<byte>();
        else _begun.ResetWrittenCount();
        Length = 0;
        return new CutLine(line, length);
    }
}
