using Tinyvex.Contract.TypeScript.Shapes;

namespace Tinyvex.Contract.TypeScript.Writing;

/// <summary>The types that get a name of their own, in the order in which they are met.</summary>
internal sealed class NamedTypes
{
    private readonly Dictionary<Type, Shape> _met = [];

    public NamedTypes(IEnumerable<Shape> roots)
    {
        foreach (var root in roots) Visit(root);
    }

    public IReadOnlyList<UnionShape> Unions => [.. _met.Values.OfType<UnionShape>()];

    /// <summary>Those of a folder of the contract.</summary>
    public IEnumerable<(Type Type, Shape Shape)> Of(string folder) =>
        _met.Where(type => type.Key.Namespace!.EndsWith('.' + folder, StringComparison.Ordinal)).Select(type => (type.Key, type.Value));

    private void Visit(Shape shape)
    {
        var type = shape switch { ObjectShape one => one.Type, UnionShape one => one.Type, ValuesShape one => one.Type, _ => null };
        // Entries of an index are written where they stand.
        if (type is { IsGenericType: false } && !_met.TryAdd(type, shape)) return;
        foreach (var part in PartsOf(shape)) Visit(part);
    }

    private static IEnumerable<Shape> PartsOf(Shape shape) => shape switch
    {
        ObjectShape one => one.Members.Select(member => member.Shape),
        UnionShape one => one.Cases,
        ChoiceShape one => one.Choices,
        ListShape one => [one.Item],
        MapShape one => [one.Item],
        _ => [],
    };
}
