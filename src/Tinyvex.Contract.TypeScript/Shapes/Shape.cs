namespace Tinyvex.Contract.TypeScript.Shapes;

/// <summary>What a value of the wire looks like: the contract's types as they are read from its JSON metadata.</summary>
internal abstract record Shape;

/// <summary>A value without parts.</summary>
internal sealed record ScalarShape(Scalar Kind) : Shape;

/// <summary>One value alone: a text, or true.</summary>
internal sealed record LiteralShape(object Value) : Shape;

/// <summary>One of a set of texts.</summary>
/// <param name="IsOpen">Whether others may come: they are another's, who may know more of them.</param>
internal sealed record ValuesShape(Type Type, IReadOnlyList<string> Values, bool IsOpen) : Shape;

/// <summary>One of several shapes that have no name in common.</summary>
internal sealed record ChoiceShape(IReadOnlyList<Shape> Choices) : Shape;

/// <summary>A list.</summary>
/// <param name="Length">How long it is, where that is always the same.</param>
internal sealed record ListShape(Shape Item, int? Length = null) : Shape;

/// <summary>An object with any names, and what stands behind each.</summary>
internal sealed record MapShape(Shape Item) : Shape;

/// <summary>The name of an entry of an index.</summary>
internal sealed record KeyShape(ObjectShape Index) : Shape;

/// <summary>A part of the entry that another member of the same object names.</summary>
internal sealed record EntryPartShape(ObjectShape Index, string KeyMember, string Part) : Shape;

/// <summary>One of several objects, told apart by what is always the same in them.</summary>
internal sealed record UnionShape(Type Type, IReadOnlyList<Shape> Cases) : Shape;

/// <summary>An object with named members.</summary>
internal sealed record ObjectShape(Type Type, IReadOnlyList<Member> Members) : Shape
{
    /// <summary>Whether it may hold more than the members: it is another's, and passed on as it came.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>Members of which one at least must be there.</summary>
    public IReadOnlyList<string> NeedsOneOf { get; init; } = [];

    public bool OrMore { get; init; }

    public Member? Find(string name) => Members.FirstOrDefault(member => member.Name == name);
}
