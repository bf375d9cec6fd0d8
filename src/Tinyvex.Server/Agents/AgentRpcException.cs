using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tinyvex.Agents;

/// <summary>The agent answered a request with a JSON-RPC error.</summary>
internal sealed class AgentRpcException : Exception
{
    /// <summary>JSON-RPC "method not found".</summary>
    public const int MethodNotFound = -32601;

    /// <summary>JSON-RPC "invalid params".</summary>
    public const int InvalidParams = -32602;

    /// <summary>JSON-RPC "internal error".</summary>
    public const int InternalError = -32603;

    /// <summary>ACP "authentication required".</summary>
    private const int AuthRequired = -32000;

    private readonly long _code;
    private readonly string? _dataJson;

    private AgentRpcException(long code, string message, string? dataJson) : base(message)
    {
        _code = code;
        _dataJson = dataJson;
    }

    /// <summary>Whether it wants a login before anything else.</summary>
    public bool WantsLogin => _code == AuthRequired;

    public static AgentRpcException Read(ReadOnlyMemory<byte> line, JsonElement error)
    {
        var code = error.TryGetProperty("code"u8, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : 0;
        var message = error.TryGetProperty("message"u8, out var text) && text.ValueKind == JsonValueKind.String ? JsonText.Text(text) : "no message";
        string? data = null;
        if (error.TryGetProperty("data"u8, out var more) && more.ValueKind != JsonValueKind.Null)
        {
            data = Encoding.UTF8.GetString(line.Slice(more).Span);
            // Many agents put what a person wants to know in here.
            if (more.ValueKind == JsonValueKind.Object && more.TryGetProperty("details"u8, out var details) && details.ValueKind == JsonValueKind.String)
            {
                message = $"{message}: {JsonText.Text(details)}";
            }
        }

        return new AgentRpcException(code, message, data);
    }

    /// <summary>What clients are told of it: the agent's own words, and what helps where it only wants a login.</summary>
    /// <param name="login">What to run for a login, where that is known.</param>
    public TinyvexException ToClient(string agent, string? login = null)
    {
        var data = $$"""{"code":{{_code.ToString(CultureInfo.InvariantCulture)}},"data":{{_dataJson ?? "null"}}}""";
        return WantsLogin
            ? new TinyvexException(
                ErrorCode.AgentUnavailable, $"agent '{agent}' wants you to log in first: {Message}. Log in with {login ?? "its own command"}, then try again.", data, this)
            : new TinyvexException(ErrorCode.AgentError, Message, data, this);
    }
}
