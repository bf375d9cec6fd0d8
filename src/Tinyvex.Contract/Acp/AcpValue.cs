namespace Tinyvex.Contract.Acp;

/// <summary>A value of the Agent Client Protocol. It is passed on as the agent sent it, so it may hold more than is named here.</summary>
public abstract record AcpValue
{
    [JsonPropertyName("_meta")]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; set; }
}
