namespace Tinyvex.Writing;

/// <summary>A field that is set, to a text or to none. No setting at all leaves it as it is.</summary>
internal readonly record struct Setting(string? Value);
