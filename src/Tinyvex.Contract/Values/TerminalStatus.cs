namespace Tinyvex.Contract.Values;

/// <summary>The state of a terminal. All but the first are final.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TerminalStatus>))]
public enum TerminalStatus
{
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Its command ended by itself.</summary>
    [JsonStringEnumMemberName("exited")]
    Exited,

    /// <summary>It was ended for its agent, or with it.</summary>
    [JsonStringEnumMemberName("killed")]
    Killed,

    /// <summary>It ended with a server that could not say how any more.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,
}
