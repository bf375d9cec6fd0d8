namespace Tinyvex.Storage;

/// <summary>Something that <see cref="Examination"/> found.</summary>
/// <param name="Text">What it is, in a sentence or two; for what cannot be mended with what to do.</param>
/// <param name="IsFault">Whether it is one, or is only worth knowing.</param>
/// <param name="Remedy">What mends it, where that is safe.</param>
internal sealed record Finding(string Text, bool IsFault = true, Remedy? Remedy = null);
