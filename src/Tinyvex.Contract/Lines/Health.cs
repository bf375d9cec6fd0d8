namespace Tinyvex.Contract.Lines;

/// <summary>The answer of <c>GET /healthz</c>.</summary>
public sealed record Health
{
    /// <summary><c>store_error</c> comes with status 503.</summary>
    [OneOf("ok", "store_error")]
    public required string Status { get; init; }

    /// <summary>Why the store takes no writes, and what helps.</summary>
    public string? Reason { get; init; }

    public required string Version { get; init; }

    public required string StoreId { get; init; }
}
