using Tinyvex.Contract.TypeScript.Shapes;

namespace Tinyvex.Contract.TypeScript.Writing;

/// <summary>Writes the declaration of a type.</summary>
internal sealed class TypeWriter(SourceText source, Comments comments, IReadOnlyList<UnionShape> unions)
{
    /// <summary>Where requests stand: clients may say of what they leave out that it is undefined.</summary>
    private static readonly string Requests = typeof(Tinyvex.Contract.Requests.Request).Namespace!;

    public void Write(Type type, Shape shape)
    {
        source.Line();
        source.Comment(comments.Of(type));
        switch (shape)
        {
            case ValuesShape values:
                Alternatives(type.Name, values.Values.Select(TypeNames.Quoted));
                break;
            case UnionShape union:
                Alternatives(type.Name, union.Cases.Select(TypeNames.Of));
                break;
            case ObjectShape one when TypeNames.IndexOf(type) is { } index:
                Interface(one);
                if (index.KeyName is not null)
                {
                    source.Line();
                    source.Line($"export type {index.KeyName} = keyof {type.Name};");
                }

                break;
            case ObjectShape { Members: [] }:
                source.Line($"export type {type.Name} = Record<string, never>;");
                break;
            case ObjectShape one when one.Members.Select(member => member.Shape).OfType<KeyShape>().FirstOrDefault() is { } key:
                PerEntry(one, TypeNames.KeyNameOf(key.Index));
                break;
            case ObjectShape { NeedsOneOf.Count: > 0 } one:
                OneOf(one);
                break;
            case ObjectShape one:
                Interface(one);
                break;
        }
    }

    private void Alternatives(string name, IEnumerable<string> alternatives)
    {
        var all = alternatives.ToList();
        var line = $"export type {name} = {string.Join(" | ", all)};";
        if (source.Fits(line))
        {
            source.Line(line);
            return;
        }

        source.Block($"export type {name} =", () =>
        {
            foreach (var one in all) source.Line($"| {one}{(one == all[^1] ? ";" : "")}");
        });
    }

    private void Interface(ObjectShape shape) => source.Block($"export interface {shape.Type.Name} {{", () => Members(shape), "}");

    /// <summary>A type whose members depend on one name, so that who knows the name knows them too.</summary>
    private void PerEntry(ObjectShape shape, string names) =>
        source.Block(
            $"export type {shape.Type.Name}<Names extends {names} = {names}> = {{",
            () => source.Block($"[{TypeNames.Key} in Names]: {{", () => Members(shape), "};"),
            "}[Names];");

    private void OneOf(ObjectShape shape)
    {
        var needed = shape.Members.Where(member => shape.NeedsOneOf.Contains(member.Name)).ToList();
        source.Block($"export type {shape.Type.Name} = {{", () => Members(shape with { Members = [.. shape.Members.Except(needed)] }), "} & (");
        source.Indented(() =>
        {
            foreach (var one in needed)
            {
                // Aligned with the brace, which stands behind the bar.
                source.Block("| {", () => source.Indented(() =>
                {
                    Member(shape, one with { IsRequired = true });
                    foreach (var other in needed.Where(other => other != one))
                    {
                        source.Line($"{other.Name}?: {(shape.OrMore ? TypeNames.Of(other) + " | " : "")}undefined;");
                    }
                }), "  }");
            }
        });
        source.Line(");");
    }

    private void Members(ObjectShape shape)
    {
        foreach (var member in shape.Members) Member(shape, member);
        foreach (var name in AbsentNames(shape).Distinct()) source.Line($"{name}?: undefined;");
    }

    private void Member(ObjectShape shape, Member member)
    {
        source.Comment(comments.Of(member.Property));
        var mayBeUndefined = !member.IsRequired && shape.Type.Namespace == Requests && member.Shape is not ScalarShape { Kind: Scalar.Anything };
        source.Line($"{TypeNames.Property(member.Name)}{(member.IsRequired ? "" : "?")}: {TypeNames.Of(member)}{(mayBeUndefined ? " | undefined" : "")};");
    }

    /// <summary>
    /// What tells two cases of a union apart that share their other constants, as <c>deleted</c> of two updates of threads: each
    /// names what only the other has, so that a client may ask for either.
    /// </summary>
    private IEnumerable<string> AbsentNames(ObjectShape shape) => (
        from union in unions.Where(union => union.Cases.Contains(shape))
        from other in union.Cases.OfType<ObjectShape>()
        where other != shape && (Extends(other, shape) || Extends(shape, other))
        from member in other.Members.Where(member => member.IsRequired && shape.Find(member.Name) is null)
            // The general case lacks the constant alone; the special one lacks all that it has no use for.
        where member.Shape is LiteralShape || Extends(shape, other)
        // Several cases may have one that this lacks.
        select member.Name).Distinct();

    /// <summary>Whether what is always the same in the second is so in the first.</summary>
    private static bool Extends(ObjectShape one, ObjectShape other)
    {
        var own = Constants(one);
        return Constants(other).All(constant => own.TryGetValue(constant.Key, out var value) && value.Equals(constant.Value));
    }

    private static Dictionary<string, object> Constants(ObjectShape shape) => shape.Members
        .Where(member => member is { IsRequired: true, Shape: LiteralShape })
        .ToDictionary(member => member.Name, member => ((LiteralShape)member.Shape).Value);
}
