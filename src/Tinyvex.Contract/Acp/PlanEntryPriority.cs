namespace Tinyvex.Contract.Acp;

/// <summary>How much an entry of a plan matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanEntryPriority>))]
public enum PlanEntryPriority
{
    [JsonStringEnumMemberName("high")]
    High,

    [JsonStringEnumMemberName("medium")]
    Medium,

    [JsonStringEnumMemberName("low")]
    Low,
}
