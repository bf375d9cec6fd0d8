namespace Tinyvex.Contract.Values;

/// <summary>What can be subscribed to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StreamName>))]
public enum StreamName
{
    [JsonStringEnumMemberName("threads")]
    Threads,

    [JsonStringEnumMemberName("thread")]
    Thread,

    [JsonStringEnumMemberName("messages")]
    Messages,

    [JsonStringEnumMemberName("tool_calls")]
    ToolCalls,

    [JsonStringEnumMemberName("plan")]
    Plan,

    [JsonStringEnumMemberName("state")]
    State,

    [JsonStringEnumMemberName("runs")]
    Runs,

    [JsonStringEnumMemberName("permissions")]
    Permissions,

    [JsonStringEnumMemberName("terminals")]
    Terminals,

    [JsonStringEnumMemberName("elicitations")]
    Elicitations,
}
