namespace Tinyvex.Fanout;

/// <summary>A piece of the log as frames, none of which but the last has a cursor.</summary>
/// <param name="Frames">The frames, one after the other.</param>
/// <param name="LastAt">Where the last of them begins.</param>
/// <param name="Last">What the last is about, if there is any.</param>
/// <param name="ReadTo">Everything wanted up to here is in it.</param>
/// <param name="Merged">Chunks that have no update of their own in it, since they were merged into the one before.</param>
internal sealed record LogBatch(ReadOnlyMemory<byte> Frames, int LastAt, Writing.Change? Last, long ReadTo, long Merged);
