namespace Tinyvex.Writing;

/// <summary>A field of JSON that is set, to a value or to none. No setting at all leaves it as it is.</summary>
internal readonly record struct JsonSetting(ReadOnlyMemory<byte>? Value);
