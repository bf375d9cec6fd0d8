namespace Tinyvex.Contract.Values;

/// <summary>Where an agent comes from: the server starts it, or a client runs it that is connected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AgentSource>))]
public enum AgentSource
{
    [JsonStringEnumMemberName("configured")]
    Configured,

    [JsonStringEnumMemberName("attached")]
    Attached,
}
