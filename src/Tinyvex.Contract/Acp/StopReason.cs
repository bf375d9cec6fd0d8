namespace Tinyvex.Contract.Acp;

/// <summary>Why an agent ended its turn.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopReason>))]
public enum StopReason
{
    [JsonStringEnumMemberName("end_turn")]
    EndTurn,

    [JsonStringEnumMemberName("max_tokens")]
    MaxTokens,

    [JsonStringEnumMemberName("max_turn_requests")]
    MaxTurnRequests,

    [JsonStringEnumMemberName("refusal")]
    Refusal,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
