namespace Tinyvex.Cli.Proxying;

/// <summary>A request for permission that the agent waits for.</summary>
/// <param name="Id">Its id as the agent wrote it.</param>
/// <param name="Turn">Null where the agent asks outside of a turn.</param>
internal sealed record PermissionAsk(string Key, JsonSlice Id, ProxiedSession Session, ProxiedTurn? Turn, JsonSlice ToolCall, JsonSlice Options)
{
    /// <summary>The editor's answer while the store is asked whether it is the first.</summary>
    public byte[]? EditorLine { get; set; }

    /// <summary>Ends the wait for the store; kept, as one that nobody holds is collected.</summary>
    public ITimer? Patience { get; set; }

    /// <summary>Whether the agent has its answer.</summary>
    public bool IsDecided { get; set; }

    /// <summary>Whether that is somebody else's than the editor's.</summary>
    public bool IsDecidedByStore { get; set; }

    /// <summary>Its row at the server, once there is one.</summary>
    public string? RequestId { get; set; }
}
