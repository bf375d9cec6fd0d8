using System.Reflection;
using Tinyvex.Contract.Shaping;
using Tinyvex.Contract.TypeScript.Shapes;

namespace Tinyvex.Contract.TypeScript.Writing;

/// <summary>What a shape is called where it is used.</summary>
internal static class TypeNames
{
    /// <summary>The variable of a type that depends on an entry of an index.</summary>
    public const string Key = "Name";

    public static string Of(Shape shape) => shape switch
    {
        ScalarShape scalar => scalar.Kind switch
        {
            Scalar.Text => "string",
            Scalar.Boolean => "boolean",
            Scalar.Anything => "unknown",
            _ => "number",
        },
        LiteralShape { Value: string text } => Quoted(text),
        LiteralShape => "true",
        ValuesShape values => values.Type.Name,
        ObjectShape { Type.IsGenericType: false } one => one.Type.Name,
        ObjectShape entry => $"{{ {string.Join("; ", entry.Members.Select(member => $"{member.Name}: {Of(member)}"))} }}",
        UnionShape union => union.Type.Name,
        ChoiceShape choice => string.Join(" | ", choice.Choices.Select(Of)),
        ListShape { Length: { } length } tuple => $"[{string.Join(", ", Enumerable.Repeat(Of(tuple.Item), length))}]",
        ListShape { Item: ChoiceShape } list => $"({Of(list.Item)})[]",
        ListShape list => Of(list.Item) + "[]",
        MapShape map => $"Record<string, {Of(map.Item)}>",
        KeyShape => Key,
        EntryPartShape part => $"{part.Index.Type.Name}[{Key}][{Quoted(part.Part)}]",
        _ => throw new InvalidOperationException($"{shape} has no name"),
    };

    /// <summary>A member's type, null included. Any JSON includes it already.</summary>
    public static string Of(Member member) =>
        Of(member.Shape) + (member.IsNullable && member.Shape is not ScalarShape { Kind: Scalar.Anything } ? " | null" : "");

    public static string KeyNameOf(ObjectShape index) =>
        IndexOf(index.Type)?.KeyName ?? throw new InvalidOperationException($"the names of {index.Type.Name} have no name");

    public static IndexAttribute? IndexOf(Type type) => type.GetCustomAttribute<IndexAttribute>();

    public static string Quoted(string text) => $"\"{text}\"";

    /// <summary>A name as it stands before a colon.</summary>
    public static string Property(string name) => name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') ? name : Quoted(name);

    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
