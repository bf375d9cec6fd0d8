namespace Tinyvex.Replaying;

/// <summary>What stands in a place of a recorded message that is filled anew when the message is played.</summary>
internal enum SlotKind : byte
{
    /// <summary>The id of the JSON-RPC message itself.</summary>
    MessageId,

    /// <summary>The session: <c>params.sessionId</c> or <c>result.sessionId</c>.</summary>
    Session,

    /// <summary>An id that must not come twice in one session, such as <c>toolCallId</c> and <c>messageId</c>.</summary>
    UniqueId,

    /// <summary>A terminal, which is named by the client and so differs from the recorded one.</summary>
    Terminal,
}
