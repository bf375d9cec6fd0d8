namespace Tinyvex.Contract.Acp;

/// <summary>What an agent asks of a person.</summary>
[JsonDerivedType(typeof(FormElicitation))]
[JsonDerivedType(typeof(UrlElicitation))]
public abstract record ElicitationRequest : AcpValue
{
    /// <summary>What is wanted, in words.</summary>
    [JsonPropertyOrder(-1)]
    public required string Message { get; init; }

    /// <summary>The agent's session; absent where it belongs to a request.</summary>
    public string? SessionId { get; init; }

    /// <summary>The tool call that needs it.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The request to the agent that needs it, such as a login: a number, a string or null.</summary>
    public JsonElement? RequestId { get; init; }
}

/// <summary>A form to fill in.</summary>
public sealed record FormElicitation : ElicitationRequest
{
    [JsonPropertyOrder(-2)]
    public string Mode => "form";

    public required ElicitationSchema RequestedSchema { get; init; }
}

/// <summary>A page to visit, in a browser and by the person: never open it unasked.</summary>
public sealed record UrlElicitation : ElicitationRequest
{
    [JsonPropertyOrder(-2)]
    public string Mode => "url";

    public required string ElicitationId { get; init; }

    public required string Url { get; init; }
}
