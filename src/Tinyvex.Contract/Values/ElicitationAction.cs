namespace Tinyvex.Contract.Values;

/// <summary>An answer to a question of an agent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ElicitationAction>))]
public enum ElicitationAction
{
    /// <summary>The form is filled in, or the url will be visited.</summary>
    [JsonStringEnumMemberName("accept")]
    Accept,

    /// <summary>No.</summary>
    [JsonStringEnumMemberName("decline")]
    Decline,

    /// <summary>Neither.</summary>
    [JsonStringEnumMemberName("cancel")]
    Cancel,
}
