namespace Tinyvex.Fanout;

/// <summary>A snapshot as it is the same for all who ask for it.</summary>
/// <param name="Position">What it shows, it shows as of here.</param>
/// <param name="Rest">The frame's JSON behind its type and the client's id.</param>
internal sealed record Snapshot(long Position, ReadOnlyMemory<byte> Rest);
