namespace Tinyvex.Contract.Acp;

/// <summary>An MCP server: a command, or an address.</summary>
[JsonDerivedType(typeof(StdioMcpServer))]
[JsonDerivedType(typeof(HttpMcpServer))]
[JsonDerivedType(typeof(SseMcpServer))]
public abstract record McpServer : AcpValue
{
    [JsonPropertyOrder(-1)]
    public required string Name { get; init; }
}

/// <summary>A program that the agent starts.</summary>
public sealed record StdioMcpServer : McpServer
{
    public required string Command { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<NamedValue>? Env { get; init; }
}

/// <summary>One reached over HTTP.</summary>
public sealed record HttpMcpServer : McpServer
{
    public string Type => "http";

    public required string Url { get; init; }

    public IReadOnlyList<NamedValue>? Headers { get; init; }
}

/// <summary>One reached over server-sent events.</summary>
public sealed record SseMcpServer : McpServer
{
    public string Type => "sse";

    public required string Url { get; init; }

    public IReadOnlyList<NamedValue>? Headers { get; init; }
}
