namespace Tinyvex.Contract.Acp;

/// <summary>A form: a flat object of JSON Schema.</summary>
public sealed record ElicitationSchema : AcpValue
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>Its fields, in their order.</summary>
    public IReadOnlyDictionary<string, ElicitationProperty>? Properties { get; init; }

    /// <summary>Names of fields that must be filled in.</summary>
    public IReadOnlyList<string>? Required { get; init; }
}
