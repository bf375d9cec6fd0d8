namespace Tinyvex.Contract.Values;

/// <summary>The state of a permission request. It is cancelled with its turn, or when its agent is gone.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PermissionStatus>))]
public enum PermissionStatus
{
    [JsonStringEnumMemberName("pending")]
    Pending,

    [JsonStringEnumMemberName("answered")]
    Answered,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
