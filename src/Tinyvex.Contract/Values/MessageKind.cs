namespace Tinyvex.Contract.Values;

/// <summary>What a message is: what was said, or a thought on the way to it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MessageKind>))]
public enum MessageKind
{
    [JsonStringEnumMemberName("message")]
    Message,

    [JsonStringEnumMemberName("reason")]
    Reason,
}
