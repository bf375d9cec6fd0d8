using System.Buffers.Binary;
using System.Numerics;

namespace Tinyvex;

/// <summary>
/// SHA-1 (RFC 3174) for what is no secret: the WebSocket handshake, the fingerprint of an idempotent write, the ETag of a page. The framework's
/// own loads OpenSSL at run time, which costs 5 MB and does not start where there is none.
/// </summary>
internal static class Sha1
{
    public const int Size = 20;

    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        Span<uint> state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];
        var whole = data.Length / 64 * 64;
        for (var i = 0; i < whole; i += 64) Block(state, data.Slice(i, 64));
        Span<byte> tail = stackalloc byte[128];
        tail.Clear();
        data[whole..].CopyTo(tail);
        tail[data.Length - whole] = 0x80;
        var end = data.Length - whole < 56 ? 64 : 128;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(end - 8)..], (ulong)data.Length * 8);
        for (var i = 0; i < end; i += 64) Block(state, tail.Slice(i, 64));
        var hash = new byte[Size];
        for (var i = 0; i < state.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * 4), state[i]);
        return hash;
    }

    private static void Block(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[80];
        for (var i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
        for (var i = 16; i < 80; i++) words[i] = BitOperations.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4]);
        for (var i = 0; i < 80; i++)
        {
            var (mix, constant) = i switch
            {
                < 20 => ((b & c) | (~b & d), 0x5A827999u),
                < 40 => (b ^ c ^ d, 0x6ED9EBA1u),
                < 60 => ((b & c) | (b & d) | (c & d), 0x8F1BBCDCu),
                _ => (b ^ c ^ d, 0xCA62C1D6u),
            };
            (a, b, c, d, e) = (BitOperations.RotateLeft(a, 5) + mix + e + constant + words[i], a, BitOperations.RotateLeft(b, 30), c, d);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}
