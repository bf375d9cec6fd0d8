namespace Tinyvex.Contract.Acp;

/// <summary>A setting of an agent's session. An agent may send other types.</summary>
[JsonDerivedType(typeof(SelectOption))]
[JsonDerivedType(typeof(BooleanOption))]
public abstract record ConfigOption : AcpValue
{
    [JsonPropertyOrder(-1)]
    public required string Id { get; init; }

    [JsonPropertyOrder(-1)]
    public required string Name { get; init; }

    [JsonPropertyOrder(-1)]
    public string? Description { get; init; }

    /// <summary><c>mode</c>, <c>model</c>, <c>model_config</c>, <c>thought_level</c>, or another.</summary>
    [JsonPropertyOrder(-1)]
    public string? Category { get; init; }
}

/// <summary>One of several values.</summary>
public sealed record SelectOption : ConfigOption
{
    public string Type => "select";

    public required string CurrentValue { get; init; }

    /// <summary>Values, or groups of them.</summary>
    [OneOf(typeof(IReadOnlyList<ConfigValue>), typeof(IReadOnlyList<ConfigValueGroup>))]
    public required JsonElement Options { get; init; }
}

/// <summary>Yes or no.</summary>
public sealed record BooleanOption : ConfigOption
{
    public string Type => "boolean";

    public required bool CurrentValue { get; init; }
}
