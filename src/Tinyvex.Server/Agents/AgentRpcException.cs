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

    /// <summary>ACP "resource not found".</summary>
    public const int ResourceNotFound = -32002;

    /// <summary>ACP "authentication required".</summary>
    private const int AuthRequired = -32000;

    /// <summary>"Request cancelled", by who asked.</summary>
    public const int RequestCancelled = -32800;

    private readonly long _code;
    private readonly string? _dataJson;
    private readonly AgentFacts? _facts;

    private AgentRpcException(long code, string message, string? dataJson, AgentFacts? facts = null) : base(message)
    {
        _code = code;
        _dataJson = dataJson;
        _facts = facts;
    }

    public bool IsMethodNotFound => _code == MethodNotFound;

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

    /// <summary>The same without what is nobody's business, and with what is known of the agent that said it.</summary>
    public AgentRpcException Of(SecretMask secrets, AgentFacts? facts) =>
        new(_code, secrets.Hide(Message), _dataJson is null ? null : secrets.Hide(_dataJson), facts);

    /// <summary>What clients are told of it: the agent's own words, and what helps where it only wants a login.</summary>
    /// <param name="login">What to run for a login, where that is known.</param>
    public TinyvexException ToClient(string agent, string? login = null)
    {
        var methods = WantsLogin && _facts?.AuthMethods is { } json ? $$""","authMethods":{{Encoding.UTF8.GetString(json.Span)}}""" : "";
        var data = $$"""{"code":{{_code.ToString(CultureInfo.InvariantCulture)}},"data":{{_dataJson ?? "null"}}{{methods}}}""";
        if (!WantsLogin) return new TinyvexException(ErrorCode.AgentError, Message, data, this);
        var ids = string.Join(", ", _facts?.LoginMethods.Where(method => !method.IsForTerminal).Select(method => method.Id) ?? []);
        var how = ids.Length == 0 ? $"Log in with {login ?? "its own command"}" : $"Log in with agent.authenticate and one of its methods ({ids}), or with {login ?? "its own command"}";
        return new TinyvexException(ErrorCode.AgentUnavailable, $"agent '{agent}' wants you to log in first: {Message}. {how}, then try again.", data, this);
    }
}
