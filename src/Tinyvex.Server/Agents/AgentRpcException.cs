using System.Text.Json;

namespace Tinyvex.Agents;

/// <summary>The agent answered a request with a JSON-RPC error.</summary>
internal sealed class AgentRpcException : Exception
{
    /// <summary>JSON-RPC "method not found".</summary>
    public const int MethodNotFound = -32601;

    private AgentRpcException(long code, string message, string? dataJson) : base(message)
    {
        Code = code;
        DataJson = dataJson;
    }

    public long Code { get; }

    public string? DataJson { get; }

    public static AgentRpcException Read(ReadOnlyMemory<byte> line, JsonElement error)
    {
        var code = error.TryGetProperty("code"u8, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : 0;
        var message = error.TryGetProperty("message"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "no message";
        string? data = null;
        if (error.TryGetProperty("data"u8, out var more) && more.ValueKind != JsonValueKind.Null)
        {
            data = System.Text.Encoding.UTF8.GetString(line.Slice(more).Span);
            // Many agents put what a person wants to know in here.
            if (more.ValueKind == JsonValueKind.Object && more.TryGetProperty("details"u8, out var details) && details.ValueKind == JsonValueKind.String)
            {
                message = $"{message}: {details.GetString()}";
            }
        }

        return new AgentRpcException(code, message, data);
    }
}
