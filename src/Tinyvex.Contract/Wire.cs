namespace Tinyvex.Contract;

/// <summary>Numbers and names of the handshake.</summary>
public static class Wire
{
    /// <summary>The version of the protocol.</summary>
    public const int ProtocolVersion = 1;

    /// <summary>The subprotocol of sync mode: nothing arrives but what was asked for.</summary>
    public const string SyncSubprotocol = "tinyvex.v1";

    /// <summary>The subprotocol of broadcast mode: every update of every thread arrives.</summary>
    public const string BroadcastSubprotocol = "tinyvex.broadcast.v1";
}
