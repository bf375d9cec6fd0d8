namespace Tinyvex.Contract.Shaping;

/// <summary>The type is a list of names with the types that belong to each. It is never on the wire itself.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class IndexAttribute : Attribute
{
    /// <summary>What one of the names is called, where no type of <c>Values</c> has them.</summary>
    public string? KeyName { get; init; }
}
