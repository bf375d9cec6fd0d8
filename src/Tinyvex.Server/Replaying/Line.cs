namespace Tinyvex.Replaying;

/// <summary>One line of a stream, without its line break; valid until the next one is read.</summary>
/// <param name="Bytes">The line; empty when it was too long.</param>
/// <param name="IsTooLong">The line was longer than allowed and has been passed over.</param>
internal readonly record struct Line(ReadOnlyMemory<byte> Bytes, bool IsTooLong);
