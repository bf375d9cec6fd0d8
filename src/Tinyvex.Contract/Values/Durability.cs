namespace Tinyvex.Contract.Values;

/// <summary>What an ack outlives: <c>normal</c> a kill of the server, <c>full</c> a loss of power too.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Durability>))]
public enum Durability
{
    [JsonStringEnumMemberName("normal")]
    Normal,

    [JsonStringEnumMemberName("full")]
    Full,
}
