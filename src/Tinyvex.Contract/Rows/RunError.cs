namespace Tinyvex.Contract.Rows;

/// <summary>Why a run failed.</summary>
public sealed record RunError
{
    public required ErrorCode Code { get; init; }

    public required string Message { get; init; }

    /// <summary>What more is known, else null.</summary>
    public required JsonElement Data { get; init; }
}
