namespace Tinyvex.Contract.Acp;

/// <summary>What choosing an option means.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PermissionOptionKind>))]
public enum PermissionOptionKind
{
    [JsonStringEnumMemberName("allow_once")]
    AllowOnce,

    [JsonStringEnumMemberName("allow_always")]
    AllowAlways,

    [JsonStringEnumMemberName("reject_once")]
    RejectOnce,

    [JsonStringEnumMemberName("reject_always")]
    RejectAlways,
}
