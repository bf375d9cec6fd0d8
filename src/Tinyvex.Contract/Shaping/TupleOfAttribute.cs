namespace Tinyvex.Contract.Shaping;

/// <summary>The innermost list has just so many items.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TupleOfAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}
