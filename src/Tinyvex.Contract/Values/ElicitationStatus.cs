namespace Tinyvex.Contract.Values;

/// <summary>The state of a question. It is cancelled with its turn, or when its agent takes it back or is gone.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ElicitationStatus>))]
public enum ElicitationStatus
{
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Accepted or declined.</summary>
    [JsonStringEnumMemberName("answered")]
    Answered,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>What was to be done at the url is done, as the agent says.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,
}
