using Tinyvex.Feeding;

namespace Tinyvex.Fanout;

/// <summary>Names of the streams a client can subscribe to.</summary>
internal static class StreamName
{
    public const string Threads = "threads";
    public const string Thread = "thread";
    public const string Messages = "messages";
    public const string ToolCalls = "tool_calls";
    public const string Plan = "plan";
    public const string State = "state";
    public const string Runs = "runs";
    public const string Permissions = "permissions";
    public const string Terminals = "terminals";
    public const string Elicitations = "elicitations";

    /// <exception cref="TinyvexException"><c>unknown_stream</c>, or <c>bad_request</c> where it needs a thread.</exception>
    public static StreamSet Parse(string name, string? threadId)
    {
        var streams = name switch
        {
            Threads => StreamSet.Threads,
            Thread => StreamSet.Thread,
            Messages => StreamSet.Messages,
            ToolCalls => StreamSet.ToolCalls,
            Plan => StreamSet.Plan,
            State => StreamSet.State,
            Runs => StreamSet.Runs,
            Permissions => StreamSet.Permissions,
            Terminals => StreamSet.Terminals,
            Elicitations => StreamSet.Elicitations,
            _ => throw new TinyvexException(
                ErrorCode.UnknownStream, $"there is no stream '{Shown(name)}'; there are threads, thread, messages, tool_calls, plan, state, runs, permissions, elicitations and terminals"),
        };
        if (threadId is null && streams is not (StreamSet.Threads or StreamSet.Runs or StreamSet.Permissions or StreamSet.Elicitations))
        {
            throw TinyvexException.BadRequest($"stream '{name}' needs a 'threadId'");
        }

        return streams | StreamSet.Deleted;
    }

    private static string Shown(string name) => name.Length > 100 ? name[..100] : name;
}
