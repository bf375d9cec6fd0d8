using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>A field of an agent's form, asked for in a line of text, and held against its schema as the server does.</summary>
internal sealed record FormField
{
    public required string Name { get; init; }

    public required string Label { get; init; }

    public string? Description { get; init; }

    /// <summary>Of JSON Schema.</summary>
    public required string Type { get; init; }

    public required bool IsRequired { get; init; }

    /// <summary>What it may be, as the agent sent it.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>What an empty line stands for; null for nothing.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>What may be chosen, each with what is shown for it.</summary>
    public IReadOnlyList<(string Value, string Title)> Choices { get; init; } = [];

    public static List<FormField> Of(JsonElement schema)
    {
        var required = schema.Items("required").Select(name => name.GetString()).ToHashSet();
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return [];
        return [.. properties.EnumerateObject().Select(property => new FormField
        {
            Name = property.Name,
            Label = property.Value.Text("title") is { Length: > 0 } title ? title : property.Name,
            Description = property.Value.Text("description"),
            Type = property.Value.Text("type") ?? "string",
            IsRequired = required.Contains(property.Name),
            Schema = property.Value.Clone(),
            Default = DefaultOf(property.Value),
            Choices = ChoicesOf(property.Value),
        })];
    }

    /// <summary>What may be typed, in so few words that it stands before the cursor.</summary>
    public string Hint => string.Join(", ", ((string?[])
    [
        IsRequired ? "required" : Default is null ? "optional" : null,
        Type switch
        {
            "boolean" => "y or n",
            "integer" => "a whole number" + Range("minimum", "maximum"),
            "number" => "a number" + Range("minimum", "maximum"),
            "array" => "numbers, with commas",
            _ when Choices.Count > 0 => "a number",
            _ when Range("minLength", "maxLength") is { Length: > 0 } length => "characters" + length,
            _ => null,
        },
        Default is null ? null : $"Enter for {Printable.Line(Shown(Default))}",
    ]).OfType<string>());

    /// <summary>Reads a typed line; null and no problem where the field is left out.</summary>
    public (JsonNode? Value, string? Problem) Read(string typed)
    {
        var (value, problem) = Parse(typed);
        if (value is null || problem is not null || Schema is not { } schema) return (value, problem);
        using var document = JsonDocument.Parse(value.ToJsonString());
        return Acp.RequestedSchema.Problem(schema, document.RootElement) is { } wrong ? (null, $"It must be {wrong}.") : (value, null);
    }

    private (JsonNode? Value, string? Problem) Parse(string typed)
    {
        if (typed.Trim().Length == 0)
        {
            if (Default is not null) return (Default.DeepClone(), null);
            return IsRequired ? (null, "It is required.") : (null, null);
        }

        switch (Type)
        {
            case "boolean":
                return typed.Trim().ToUpperInvariant() switch
                {
                    "Y" or "YES" or "TRUE" => (true, null),
                    "N" or "NO" or "FALSE" => (false, null),
                    _ => (null, "Type y or n."),
                };
            case "integer":
                return long.TryParse(typed, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var whole)
                    ? (whole, null)
                    : (null, "Type a whole number.");
            case "number":
                return double.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? (number, null) : (null, "Type a number, such as 1.5.");
            case "array":
                var chosen = new JsonArray();
                foreach (var part in typed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    if (Choose(part) is not { } choice) return (null, $"Type numbers from 1 to {Choices.Count}, with commas between them.");
                    chosen.Add((JsonNode)choice);
                }

                return (chosen, null);
            default:
                if (Choices.Count == 0) return (typed, null);
                return Choose(typed.Trim()) is { } value ? (value, null) : (null, $"Type a number from 1 to {Choices.Count}.");
        }
    }

    private string Range(string least, string most)
    {
        var (from, to) = (Bound(least), Bound(most));
        return (from, to) switch
        {
            (null, null) => "",
            (_, null) => $" from {from}",
            (null, _) => $" up to {to}",
            _ => $" from {from} to {to}",
        };

        string? Bound(string name) => Schema is { } schema && schema.TryGetProperty(name, out var bound) && bound.ValueKind == JsonValueKind.Number ? bound.GetRawText() : null;
    }

    private string? Choose(string typed)
    {
        if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at >= 1 && at <= Choices.Count) return Choices[at - 1].Value;
        foreach (var (value, title) in Choices)
        {
            if (value == typed || title.Equals(typed, StringComparison.OrdinalIgnoreCase)) return value;
        }

        return null;
    }

    private string Shown(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "y",
        JsonValueKind.False => "n",
        JsonValueKind.Array => string.Join(',', value.AsArray().Select(one => (Choices.ToList().FindIndex(choice => choice.Value == (string?)one) + 1).ToString(CultureInfo.InvariantCulture))),
        _ => value.ToString(),
    };

    private static JsonNode? DefaultOf(JsonElement property)
    {
        if (!property.TryGetProperty("default", out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.Object) return null;
        return JsonNode.Parse(value.GetRawText());
    }

    private static List<(string, string)> ChoicesOf(JsonElement property)
    {
        var of = property.Text("type") == "array" && property.TryGetProperty("items", out var items) ? items : property;
        return
        [
            .. of.Items("enum").Where(value => value.ValueKind == JsonValueKind.String).Select(value => (value.GetString()!, value.GetString()!)),
            .. of.Items("oneOf").Concat(of.Items("anyOf")).Select(choice => (choice.Text("const") ?? "", choice.Text("title") ?? choice.Text("const") ?? "")),
        ];
    }
}
