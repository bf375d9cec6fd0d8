namespace Tinyvex.Bench.Load;

/// <summary>Takes the JSON of one frame.</summary>
internal delegate void ReadOnlySpanAction(ReadOnlySpan<byte> json);
