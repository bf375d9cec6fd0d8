namespace Tinyvex.Contract.Shaping;

/// <summary>
/// A string that is one of an enum's as far as is known: what an agent sends is passed on as it is, so it is no enum to read.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValuesOfAttribute(Type values) : Attribute
{
    public Type Values { get; } = values;
}
