using System.Globalization;
using System.Text.Json;

namespace Tinyvex.Acp;

/// <summary>
/// Holds what was filled in against the form that an agent sent, a flat JSON Schema. <c>pattern</c> and <c>format</c> are left to the page that
/// shows the form, and to the agent: a regular expression of an agent's could hold up whoever tries it.
/// </summary>
internal static class RequestedSchema
{
    /// <summary>Refuses a form of another shape than a flat object.</summary>
    /// <exception cref="TinyvexException"><c>bad_request</c>.</exception>
    public static void Check(JsonElement schema)
    {
        if (Member(schema, "type") is { } type && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("object"u8))) throw Wrong("type", "must be \"object\"");
        if (Member(schema, "required") is { } required
            && (required.ValueKind != JsonValueKind.Array || required.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String || JsonText.HasLoneSurrogate(name))))
        {
            throw Wrong("required", "must be an array of names");
        }

        if (Member(schema, "properties") is not { } properties) return;
        if (properties.ValueKind != JsonValueKind.Object) throw Wrong("properties", "must be an object");
        foreach (var field in properties.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Object || Member(field.Value, "type") is not { ValueKind: JsonValueKind.String })
            {
                throw Wrong(field.Name, "needs a type");
            }
        }

        static TinyvexException Wrong(string what, string why) => TinyvexException.BadRequest($"'{what}' of requestedSchema {why}");
    }

    /// <summary>Refuses content that does not fit, and names the field and what it takes.</summary>
    /// <param name="content">An object; undefined where none was given, which is an empty one.</param>
    /// <exception cref="TinyvexException"><c>bad_request</c>.</exception>
    public static void CheckContent(JsonElement schema, JsonElement content)
    {
        var hasContent = content.ValueKind == JsonValueKind.Object;
        foreach (var name in Items(schema, "required"))
        {
            if (!hasContent || !content.TryGetProperty(name.GetString()!, out _)) throw TinyvexException.BadRequest($"'{name.GetString()}' in 'content' is required");
        }

        if (!hasContent) return;
        var properties = Member(schema, "properties") ?? default;
        foreach (var field in content.EnumerateObject())
        {
            if (properties.ValueKind != JsonValueKind.Object || !properties.TryGetProperty(field.Name, out var property))
            {
                throw TinyvexException.BadRequest($"'{field.Name}' in 'content' is not asked for");
            }

            if (Problem(property, field.Value) is { } problem) throw TinyvexException.BadRequest($"'{field.Name}' in 'content' must be {problem}");
        }
    }

    /// <summary>What a value would have to be; null where it is that.</summary>
    public static string? Problem(JsonElement property, JsonElement value) => property.GetProperty("type"u8).GetString() switch
    {
        "string" => OfString(property, value),
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? OfNumber(property, value) : "an integer",
        "number" => value.ValueKind == JsonValueKind.Number ? OfNumber(property, value) : "a number",
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "true or false",
        "array" => OfArray(property, value),
        // A type that came later: the agent knows what it takes.
        _ => null,
    };

    private static string? OfString(JsonElement property, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || JsonText.HasLoneSurrogate(value)) return "a string";
        if (Choices(property, "oneOf") is { Count: > 0 } choices && !choices.Contains(value.GetString()!)) return "one of " + string.Join(", ", choices);
        // As JSON Schema counts: characters, not units of UTF-16.
        var length = value.GetString()!.EnumerateRunes().Count();
        if (Count(property, "minLength") is { } min && length < min) return Say($"of {min} characters or more");
        return Count(property, "maxLength") is { } max && length > max ? Say($"of {max} characters at most") : null;
    }

    private static string? OfNumber(JsonElement property, JsonElement value)
    {
        var number = value.GetDouble();
        if (Number(property, "minimum") is { } min && number < min) return Say($"{min} or more");
        return Number(property, "maximum") is { } max && number > max ? Say($"{max} or less") : null;
    }

    private static string? OfArray(JsonElement property, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) return "an array";
        var choices = Member(property, "items") is { ValueKind: JsonValueKind.Object } items ? Choices(items, "anyOf") : [];
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || JsonText.HasLoneSurrogate(item)) return "an array of strings";
            if (choices.Count > 0 && !choices.Contains(item.GetString()!)) return "of " + string.Join(", ", choices);
        }

        var length = value.GetArrayLength();
        if (Count(property, "minItems") is { } min && length < min) return Say($"{min} or more of its values");
        return Count(property, "maxItems") is { } max && length > max ? Say($"{max} of its values at most") : null;
    }

    /// <summary>Values that may be chosen: of <c>enum</c>, or with titles.</summary>
    private static List<string> Choices(JsonElement of, string titled) =>
    [
        .. Items(of, "enum").Concat(Items(of, titled).Select(choice => choice.ValueKind == JsonValueKind.Object ? Member(choice, "const") ?? default : default))
            .Where(choice => choice.ValueKind == JsonValueKind.String).Select(JsonText.Text),
    ];

    private static JsonElement.ArrayEnumerator Items(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;

    private static long? Count(JsonElement of, string name) => Number(of, name) is { } number ? (long)number : null;

    private static double? Number(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? number : null;

    private static JsonElement? Member(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
