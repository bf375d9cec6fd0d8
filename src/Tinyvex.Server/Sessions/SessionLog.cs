using Microsoft.Extensions.Logging;

namespace Tinyvex.Sessions;

/// <summary>What is logged of sessions as they are opened.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(EventId = LogEvents.McpServersLeftOut, Level = LogLevel.Warning, Message = "Agent {Agent} does not take MCP servers over HTTP or SSE; it was not given {Names}")]
    public static partial void McpServersLeftOut(ILogger logger, string agent, string names);

    [LoggerMessage(EventId = LogEvents.SessionNotTakenUp, Level = LogLevel.Warning, Message = "Thread {ThreadId}: agent {Agent} refused {Method}, and is asked otherwise: {Why}")]
    public static partial void NotTakenUp(ILogger logger, string threadId, string agent, string method, string why);

    [LoggerMessage(EventId = LogEvents.AgentIdle, Level = LogLevel.Information, Message = "Agent {Agent} has had nothing to do for long, and is ended")]
    public static partial void Idle(ILogger logger, string agent);

    [LoggerMessage(EventId = LogEvents.RunStalled, Level = LogLevel.Warning, Message = "Run {RunId} has been silent for {Seconds} s")]
    public static partial void Stalled(ILogger logger, string runId, long seconds);
}
