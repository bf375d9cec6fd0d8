using System.Text.Json;
using Tinyvex.Contract.TypeScript.Shapes;

namespace Tinyvex.Tests.Support;

/// <summary>Holds JSON against a shape: nothing missing, nothing too much, nothing of another kind.</summary>
/// <param name="trustsAgents">Whether what an agent said is held too. The server passes it on as it came, whatever it is.</param>
internal sealed class ShapeCheck(bool trustsAgents)
{
    /// <summary>What is wrong, as a path and a word, or null.</summary>
    public string? FaultOf(JsonElement value, Shape shape) => shape switch
    {
        ScalarShape scalar => IsOf(value, scalar.Kind) ? null : $" is {value.ValueKind}, not {scalar.Kind}",
        LiteralShape literal => IsLiteral(value, literal) ? null : $" is {Shown(value)}, not {literal.Value}",
        ValuesShape values => FaultOfValue(value, values),
        ChoiceShape choice => FaultOfChoice(value, choice),
        ListShape list => FaultOfList(value, list),
        MapShape map => FaultOfMap(value, map),
        KeyShape key => value.ValueKind == JsonValueKind.String && key.Index.Find(value.GetString()!) is not null ? null : $" is {Shown(value)}, which {key.Index.Type.Name} does not have",
        UnionShape union => FaultOfUnion(value, union),
        ObjectShape one => FaultOf(value, one),
        _ => throw new InvalidOperationException($"{shape} stands for nothing on its own"),
    };

    /// <summary>The same of an object, which may have members beside those of its shape.</summary>
    public string? FaultOf(JsonElement value, ObjectShape shape, params ReadOnlySpan<string> beside)
    {
        if (!trustsAgents && IsOfAgent(shape)) return null;
        if (value.ValueKind != JsonValueKind.Object) return $" is {value.ValueKind}, not an object";
        Span<bool> seen = stackalloc bool[shape.Members.Count];
        foreach (var field in value.EnumerateObject())
        {
            var at = IndexOf(shape, field.Name);
            if (at < 0)
            {
                if (shape.IsOpen || beside.Contains(field.Name)) continue;
                return $".{field.Name} is unknown in {shape.Type.Name}";
            }

            if (seen[at]) return $".{field.Name} is there twice";
            seen[at] = true;
            if (FaultOf(field.Value, shape.Members[at], value) is { } fault) return $".{field.Name}{fault}";
        }

        for (var i = 0; i < seen.Length; i++)
        {
            if (!seen[i] && shape.Members[i].IsRequired) return $".{shape.Members[i].Name} is missing in {shape.Type.Name}";
        }

        if (shape.NeedsOneOf.Count == 0) return null;
        var given = shape.NeedsOneOf.Count(name => value.TryGetProperty(name, out _));
        return given == 1 || (given > 1 && shape.OrMore) ? null : $" has {given} of {string.Join(", ", shape.NeedsOneOf)}";
    }

    private string? FaultOf(JsonElement value, Member member, JsonElement parent)
    {
        if (value.ValueKind == JsonValueKind.Null && member.Shape is not ScalarShape { Kind: Scalar.Anything })
        {
            return member.IsNullable || (!trustsAgents && IsOfAgent(member.Shape)) ? null : " is null";
        }

        return FaultOf(value, Bound(member.Shape, parent));
    }

    /// <summary>The shape, where it depends on a name that stands beside the member.</summary>
    private static Shape Bound(Shape shape, JsonElement parent) => shape switch
    {
        ListShape { Item: EntryPartShape } list => list with { Item = Bound(list.Item, parent) },
        EntryPartShape part when parent.TryGetProperty(part.KeyMember, out var key) && key.ValueKind == JsonValueKind.String
            && part.Index.Find(key.GetString()!) is { } entry => ((ObjectShape)entry.Shape).Find(part.Part)!.Shape,
        // The name itself is the fault then.
        EntryPartShape => new ScalarShape(Scalar.Anything),
        _ => shape,
    };

    private string? FaultOfValue(JsonElement value, ValuesShape values)
    {
        if (value.ValueKind != JsonValueKind.String) return $" is {value.ValueKind}, not a text";
        return (values.IsOpen && !trustsAgents) || values.Values.Any(value.ValueEquals) ? null : $" is {Shown(value)}, which is no {values.Type.Name}";
    }

    private string? FaultOfChoice(JsonElement value, ChoiceShape choice)
    {
        var faults = new List<string>();
        foreach (var one in choice.Choices)
        {
            if (FaultOf(value, one) is not { } fault) return null;
            faults.Add(fault);
        }

        return string.Join(", and ", faults);
    }

    private string? FaultOfList(JsonElement value, ListShape list)
    {
        if (value.ValueKind != JsonValueKind.Array) return $" is {value.ValueKind}, not a list";
        if (list.Length is { } length && value.GetArrayLength() != length) return $" has {value.GetArrayLength()} items, not {length}";
        var at = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (FaultOf(item, list.Item) is { } fault) return $"[{at}]{fault}";
            at++;
        }

        return null;
    }

    private string? FaultOfMap(JsonElement value, MapShape map)
    {
        if (value.ValueKind != JsonValueKind.Object) return $" is {value.ValueKind}, not an object";
        foreach (var field in value.EnumerateObject())
        {
            if (FaultOf(field.Value, map.Item) is { } fault) return $".{field.Name}{fault}";
        }

        return null;
    }

    /// <summary>Of the cases whose constants are in the value, it is the one with the most of them.</summary>
    private string? FaultOfUnion(JsonElement value, UnionShape union)
    {
        if (!trustsAgents && IsOfAgent(union)) return null;
        if (value.ValueKind != JsonValueKind.Object) return $" is {value.ValueKind}, not an object";
        var fitting = CasesOf(union).Where(one => ConstantsOf(one).All(constant => value.TryGetProperty(constant.Name, out var found) && IsLiteral(found, (LiteralShape)constant.Shape)));
        return fitting.MaxBy(one => ConstantsOf(one).Count()) is { } best ? FaultOf(value, best) : $" is no case of {union.Type.Name}";
    }

    private static bool IsOfAgent(Shape shape) => shape is ObjectShape { IsOpen: true } || (shape is UnionShape union && CasesOf(union).All(one => one.IsOpen));

    private static IEnumerable<ObjectShape> CasesOf(UnionShape union) =>
        union.Cases.SelectMany(one => one is UnionShape inner ? CasesOf(inner) : [(ObjectShape)one]);

    private static IEnumerable<Member> ConstantsOf(ObjectShape shape) => shape.Members.Where(member => member is { IsRequired: true, Shape: LiteralShape });

    private static int IndexOf(ObjectShape shape, string name)
    {
        for (var i = 0; i < shape.Members.Count; i++)
        {
            if (shape.Members[i].Name == name) return i;
        }

        return -1;
    }

    private static bool IsOf(JsonElement value, Scalar kind) => kind switch
    {
        Scalar.Text => value.ValueKind == JsonValueKind.String,
        Scalar.Integer => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        Scalar.Number => value.ValueKind == JsonValueKind.Number,
        Scalar.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => true,
    };

    private static bool IsLiteral(JsonElement value, LiteralShape literal) => literal.Value is string text
        ? value.ValueKind == JsonValueKind.String && value.ValueEquals(text)
        : value.ValueKind == JsonValueKind.True;

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 100 ? text[..100] + "…" : text;
    }
}
