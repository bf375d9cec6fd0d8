using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using Tinyvex.Storage;

namespace Tinyvex.Protocol;

/// <summary>
/// A position in the log, as clients hold it: store, epoch and event id, in base64url. Opaque to them; a cursor of another
/// store, or of an epoch this store has not had, is recognised as such.
/// </summary>
internal readonly record struct Cursor(ulong Store, long Epoch, long Position)
{
    private const int Size = 24;

    /// <summary>Characters of an encoded cursor.</summary>
    public const int Length = Size * 4 / 3;

    public static Cursor At(StoreIdentity identity, long position) => new(StoreKey(identity), identity.Epoch, position);

    /// <summary>The first half of the store's id: 64 random bits tell stores apart.</summary>
    public static ulong StoreKey(StoreIdentity identity) =>
        ulong.Parse(identity.StoreId.AsSpan(0, 16), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    public void Encode(Span<byte> utf8)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Store);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Epoch);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], Position);
        Base64Url.EncodeToUtf8(bytes, utf8);
    }

    public override string ToString()
    {
        Span<byte> utf8 = stackalloc byte[Length];
        Encode(utf8);
        return System.Text.Encoding.ASCII.GetString(utf8);
    }

    /// <summary>Reads a cursor; false for anything else.</summary>
    public static bool TryParse(string text, out Cursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Size];
        // The Try form throws at what is no base64url.
        if (text.Length != Length || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Size) return false;
        cursor = new Cursor(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[16..]));
        return true;
    }
}
