namespace Tinyvex.Contract.Requests;

/// <summary>Why a turn failed that a client ran.</summary>
public sealed record RunFailure
{
    /// <summary>For people; at most 64 KiB.</summary>
    public required string Message { get; init; }

    /// <summary><c>agent_error</c> where it is absent.</summary>
    public ErrorCode? Code { get; init; }

    /// <summary>Any JSON.</summary>
    public JsonElement? Data { get; init; }
}
