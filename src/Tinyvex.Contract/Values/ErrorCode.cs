namespace Tinyvex.Contract.Values;

/// <summary>Why a request was refused, or a run failed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ErrorCode>))]
public enum ErrorCode
{
    [JsonStringEnumMemberName("bad_json")]
    BadJson,

    [JsonStringEnumMemberName("bad_request")]
    BadRequest,

    [JsonStringEnumMemberName("unknown_control")]
    UnknownControl,

    [JsonStringEnumMemberName("unknown_query")]
    UnknownQuery,

    [JsonStringEnumMemberName("unknown_stream")]
    UnknownStream,

    [JsonStringEnumMemberName("not_found")]
    NotFound,

    [JsonStringEnumMemberName("conflict")]
    Conflict,

    [JsonStringEnumMemberName("forbidden")]
    Forbidden,

    [JsonStringEnumMemberName("unsupported")]
    Unsupported,

    [JsonStringEnumMemberName("too_large")]
    TooLarge,

    [JsonStringEnumMemberName("overloaded")]
    Overloaded,

    [JsonStringEnumMemberName("agent_unavailable")]
    AgentUnavailable,

    [JsonStringEnumMemberName("agent_error")]
    AgentError,

    [JsonStringEnumMemberName("store_error")]
    StoreError,

    [JsonStringEnumMemberName("internal")]
    Internal,
}
