namespace Tinyvex.Contract.Shaping;

/// <summary>The member is the name of an entry of an index, such as <see cref="Queries"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyOfAttribute(Type index) : Attribute
{
    public Type Index { get; } = index;
}
