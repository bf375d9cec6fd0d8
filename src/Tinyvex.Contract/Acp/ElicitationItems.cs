namespace Tinyvex.Contract.Acp;

/// <summary>The values that a field may hold several of.</summary>
public sealed record ElicitationItems : AcpValue
{
    public string? Type { get; init; }

    public IReadOnlyList<string>? Enum { get; init; }

    /// <summary>The same, each with a title.</summary>
    public IReadOnlyList<ElicitationChoice>? AnyOf { get; init; }
}
