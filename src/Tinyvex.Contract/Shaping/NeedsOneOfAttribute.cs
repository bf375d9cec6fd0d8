namespace Tinyvex.Contract.Shaping;

/// <summary>Of these members, which the type has as optional ones, one is given, and no other of them.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsOneOfAttribute(params string[] members) : Attribute
{
    public IReadOnlyList<string> Members { get; } = members;

    /// <summary>Whether several of them may be given.</summary>
    public bool OrMore { get; init; }
}
