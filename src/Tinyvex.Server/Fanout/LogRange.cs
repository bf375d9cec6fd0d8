using Tinyvex.Feeding;

namespace Tinyvex.Fanout;

/// <summary>What of the log is wanted.</summary>
/// <param name="ThreadId">Of this thread, or null for all.</param>
/// <param name="After">Events after this one,</param>
/// <param name="To">up to and with this one, which is committed.</param>
internal readonly record struct LogRange(string? ThreadId, StreamSet Streams, long After, long To);
