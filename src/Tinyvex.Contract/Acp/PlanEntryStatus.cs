namespace Tinyvex.Contract.Acp;

/// <summary>The state of an entry of a plan.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanEntryStatus>))]
public enum PlanEntryStatus
{
    [JsonStringEnumMemberName("pending")]
    Pending,

    [JsonStringEnumMemberName("in_progress")]
    InProgress,

    [JsonStringEnumMemberName("completed")]
    Completed,
}
