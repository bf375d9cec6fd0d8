using System.Diagnostics;

namespace Tinyvex;

internal static class ErrorCodeNames
{
    /// <summary>The name of a code on the wire.</summary>
    public static string Wire(this ErrorCode code) => code switch
    {
        ErrorCode.BadJson => "bad_json",
        ErrorCode.BadRequest => "bad_request",
        ErrorCode.UnknownControl => "unknown_control",
        ErrorCode.UnknownQuery => "unknown_query",
        ErrorCode.UnknownStream => "unknown_stream",
        ErrorCode.NotFound => "not_found",
        ErrorCode.Conflict => "conflict",
        ErrorCode.Forbidden => "forbidden",
        ErrorCode.Unsupported => "unsupported",
        ErrorCode.TooLarge => "too_large",
        ErrorCode.Overloaded => "overloaded",
        ErrorCode.AgentUnavailable => "agent_unavailable",
        ErrorCode.AgentError => "agent_error",
        ErrorCode.StoreError => "store_error",
        ErrorCode.Internal => "internal",
        _ => throw new UnreachableException(),
    };

    /// <summary>The code of a name, or null.</summary>
    public static ErrorCode? Find(string name)
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            if (code.Wire() == name) return code;
        }

        return null;
    }
}
