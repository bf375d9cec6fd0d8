namespace Tinyvex.Contract.Acp;

/// <summary>Hints on how to show a block.</summary>
public sealed record Annotations : AcpValue
{
    [ValuesOf(typeof(Role))]
    public IReadOnlyList<string>? Audience { get; init; }

    /// <summary>From 0 to 1.</summary>
    public double? Priority { get; init; }

    /// <summary>A time in ISO 8601.</summary>
    public string? LastModified { get; init; }
}
