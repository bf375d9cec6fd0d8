namespace Tinyvex.Cli.Proxying;

/// <summary>A line that passed, without its end.</summary>
/// <param name="Bytes">A copy of it; null where it was too long to be kept.</param>
internal readonly record struct CutLine(byte[]? Bytes, long Length);
