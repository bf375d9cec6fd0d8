namespace Tinyvex.Contract.Values;

/// <summary>Which of an agent's requests for permission the server allows by itself. Everything else is asked.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Policy>))]
public enum Policy
{
    /// <summary>None.</summary>
    [JsonStringEnumMemberName("ask")]
    Ask,

    /// <summary>Those to read and to search within the thread's directories.</summary>
    [JsonStringEnumMemberName("allow-reads")]
    AllowReads,

    /// <summary>Those too to change files within them.</summary>
    [JsonStringEnumMemberName("allow-edits-in-roots")]
    AllowEditsInRoots,

    /// <summary>All.</summary>
    [JsonStringEnumMemberName("allow-all")]
    AllowAll,
}
