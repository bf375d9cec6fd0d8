using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tinyvex.Contract.Shaping;

namespace Tinyvex.Contract.TypeScript.Shapes;

/// <summary>Reads shapes from the metadata of a source-generated context, and from the attributes that say what types alone do not.</summary>
internal sealed class ShapeReader(JsonSerializerContext context)
{
    private readonly Dictionary<Type, Shape> _read = [];

    public Shape Read(Type type)
    {
        if (_read.TryGetValue(type, out var shape)) return shape;
        shape = ReadNew(type);
        _read.Add(type, shape);
        return shape;
    }

    public ObjectShape ReadObject(Type type) => (ObjectShape)Read(type);

    private Shape ReadNew(Type type)
    {
        if (type == typeof(string)) return new ScalarShape(Scalar.Text);
        if (type == typeof(int) || type == typeof(long)) return new ScalarShape(Scalar.Integer);
        if (type == typeof(double)) return new ScalarShape(Scalar.Number);
        if (type == typeof(bool)) return new ScalarShape(Scalar.Boolean);
        if (type == typeof(JsonElement)) return new ScalarShape(Scalar.Anything);
        if (type.IsEnum) return new ValuesShape(type, NamesOf(type), IsOpen: false);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Either<,>))
        {
            return new ChoiceShape([.. type.GetGenericArguments().Select(Read)]);
        }

        var info = context.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type} is not in the context");
        return info switch
        {
            { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item } => new ListShape(Read(item)),
            { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } item } => new MapShape(Read(item)),
            { PolymorphismOptions.DerivedTypes: { Count: > 0 } cases } => new UnionShape(type, [.. cases.Select(one => Read(one.DerivedType))]),
            { Kind: JsonTypeInfoKind.Object } => ReadMembers(info),
            _ => throw new InvalidOperationException($"{type} has no shape"),
        };
    }

    private ObjectShape ReadMembers(JsonTypeInfo info)
    {
        var isOpen = info.Properties.Any(property => property.IsExtensionData);
        var properties = info.Properties.Where(property => !property.IsExtensionData).ToList();
        var key = properties.Find(property => AttributeOf<KeyOfAttribute>(property) is not null);
        var needed = info.Type.GetCustomAttribute<NeedsOneOfAttribute>();
        // What tells objects apart stands first, as on the wire, and not behind what a base type has.
        return new ObjectShape(info.Type, [.. properties.OrderBy(property => property.Set is not null).Select(property => ReadMember(info.Type, property, isOpen, key))])
        {
            IsOpen = isOpen,
            NeedsOneOf = [.. properties.Where(property => needed?.Members.Contains(PropertyOf(property).Name) == true).Select(property => property.Name)],
            OrMore = needed?.OrMore == true,
        };
    }

    private Member ReadMember(Type type, JsonPropertyInfo property, bool isOpen, JsonPropertyInfo? key)
    {
        // Whether a type parameter may be null is not known; entries of an index never are.
        var isNullable = (property.IsGetNullable && !type.IsGenericType) || Nullable.GetUnderlyingType(property.PropertyType) is not null;
        var isRequired = property.IsRequired || property.Set is null;
        return new Member(property.Name, ShapeOf(type, property, key), PropertyOf(property))
        {
            IsRequired = isRequired,
            // What we write ourselves is left out where there is none; others write null as well.
            IsNullable = isRequired ? isNullable : isOpen || AttributeOf<OrNullAttribute>(property) is not null,
        };
    }

    private Shape ShapeOf(Type owner, JsonPropertyInfo property, JsonPropertyInfo? key)
    {
        if (property.Set is null) return new LiteralShape(Constant(owner, property));
        if (AttributeOf<OnlyTrueAttribute>(property) is not null) return new LiteralShape(true);
        if (AttributeOf<OneOfAttribute>(property) is { } choices) return new ChoiceShape([.. choices.Choices.Select(Choice)]);
        if (AttributeOf<KeyOfAttribute>(property) is { } names) return new KeyShape(ReadObject(names.Index));
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var shape = Read(type);
        if (AttributeOf<ValuesOfAttribute>(property) is { } values)
        {
            return Innermost(shape, _ => new ValuesShape(values.Values, NamesOf(values.Values), IsOpen: true));
        }

        if (AttributeOf<TupleOfAttribute>(property) is { } tuple) return Tuple((ListShape)shape, tuple.Length);
        if (AttributeOf<OfEntryAttribute>(property) is { } part)
        {
            var index = ReadObject(AttributeOf<KeyOfAttribute>(key!)!.Index);
            return Innermost(shape, _ => new EntryPartShape(index, key!.Name, part.Part));
        }

        return shape;
    }

    private Shape Choice(object choice) => choice is Type type ? Read(type) : new LiteralShape(choice);

    private static Shape Innermost(Shape shape, Func<Shape, Shape> change) =>
        shape is ListShape list ? list with { Item = Innermost(list.Item, change) } : change(shape);

    private static ListShape Tuple(ListShape shape, int length) =>
        shape.Item is ListShape inner ? shape with { Item = Tuple(inner, length) } : shape with { Length = length };

    /// <summary>What a member without a setter always is.</summary>
    private static object Constant(Type owner, JsonPropertyInfo property) =>
        property.Get!(RuntimeHelpers.GetUninitializedObject(owner)) ?? throw new InvalidOperationException($"{property.Name} is null");

    private static IReadOnlyList<string> NamesOf(Type values) =>
    [
        .. values.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? throw new InvalidOperationException($"{field.Name} has no name")),
    ];

    private static PropertyInfo PropertyOf(JsonPropertyInfo property) =>
        property.AttributeProvider as PropertyInfo ?? throw new InvalidOperationException($"{property.Name} is no property");

    private static TAttribute? AttributeOf<TAttribute>(JsonPropertyInfo property) where TAttribute : Attribute =>
        PropertyOf(property).GetCustomAttribute<TAttribute>();
}
