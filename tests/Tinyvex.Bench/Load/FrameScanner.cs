using System.Buffers.Binary;
using System.Text;

namespace Tinyvex.Bench.Load;

/// <summary>Cuts what a server sends into frames. They are unmasked and in one piece, as our servers send them.</summary>
/// <param name="bytes">Room to begin with.</param>
internal sealed class FrameScanner(int bytes)
{
    private byte[] _buffer = new byte[bytes];
    private int _from;
    private int _to;

    /// <summary>Where the next bytes go; makes room for them.</summary>
    public Span<byte> Free
    {
        get
        {
            if (_from > 0)
            {
                _buffer.AsSpan(_from.._to).CopyTo(_buffer);
                (_from, _to) = (0, _to - _from);
            }

            if (_to == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            return _buffer.AsSpan(_to);
        }
    }

    public void Advance(int count) => _to += count;

    /// <summary>Passes the answer to a handshake; false while it is not whole.</summary>
    /// <exception cref="IOException">The server refused it.</exception>
    public bool TryPassHead()
    {
        var received = _buffer.AsSpan(_from.._to);
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        if (!received.StartsWith("HTTP/1.1 101"u8)) throw new IOException($"the server refused a connection: {Encoding.ASCII.GetString(received)}");
        _from += end + 4;
        return true;
    }

    /// <summary>The next whole text frame; pings are passed over.</summary>
    public bool TryNext(out ReadOnlySpan<byte> json)
    {
        const byte text = 0x81, ping = 0x89;
        json = default;
        while (_to - _from >= 2)
        {
            var frame = _buffer.AsSpan(_from.._to);
            int header = 2, length = frame[1];
            if (length >= 126)
            {
                header = length == 126 ? 4 : 10;
                if (frame.Length < header) return false;
                length = header == 4 ? BinaryPrimitives.ReadUInt16BigEndian(frame[2..]) : checked((int)BinaryPrimitives.ReadInt64BigEndian(frame[2..]));
            }

            if (frame.Length < header + length) return false;
            _from += header + length;
            if (frame[0] == ping) continue;
            if (frame[0] != text) throw new IOException($"the server sent a frame that begins with 0x{frame[0]:x2}");
            json = frame.Slice(header, length);
            return true;
        }

        return false;
    }
}
