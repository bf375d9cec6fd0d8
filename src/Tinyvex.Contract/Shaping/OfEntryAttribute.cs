namespace Tinyvex.Contract.Shaping;

/// <summary>The member's type, or that of its items, is a part of the entry that the type's <see cref="KeyOfAttribute"/> names.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OfEntryAttribute(string part) : Attribute
{
    public string Part { get; } = part;
}
