namespace Tinyvex.Contract.Shaping;

/// <summary>The member is one of these: a type, or a string as itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params object[] choices) : Attribute
{
    public IReadOnlyList<object> Choices { get; } = choices;
}
