namespace Tinyvex.Acp;

/// <summary>The kinds of ACP <c>SessionUpdate</c> that change a view. All others are kept in the log alone.</summary>
internal enum SessionUpdateKind
{
    /// <summary>A kind that changes no view, known or not.</summary>
    Other,
    UserMessageChunk,
    AgentMessageChunk,
    AgentThoughtChunk,
    ToolCall,
    ToolCallUpdate,
    Plan,
    AvailableCommands,
    CurrentMode,
    ConfigOption,
    SessionInfo,
    Usage,
}
