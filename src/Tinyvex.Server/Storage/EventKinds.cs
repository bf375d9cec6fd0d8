namespace Tinyvex.Storage;

/// <summary>
/// Values of <c>acp_events.updateKind</c> that are not an agent's: changes of our own, which the log orders like any other.
/// <c>events.list</c> leaves them out.
/// </summary>
internal static class EventKinds
{
    public const string Prefix = "tvx.";
    /// <summary>The kind of an agent's update. One that borrows a name of our own events must not be taken for one.</summary>
    public static string OfAgent(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? "acp." + name : name;

    public const string Thread = "tvx.thread";
    public const string Deleted = "tvx.deleted";
    public const string Finalize = "tvx.finalize";
    public const string Run = "tvx.run";
    public const string Permission = "tvx.permission";
    public const string Terminal = "tvx.terminal";

    /// <summary>What a terminal has printed. The log has one of them for each terminal, the last: the text is not in it.</summary>
    public const string TerminalOutput = "tvx.terminal_output";
    public const string Elicitation = "tvx.elicitation";
    public const string Session = "tvx.session";

    /// <summary>A part of a conversation was brought in from elsewhere; the subject says how far it came.</summary>
    public const string Import = "tvx.import";

    /// <summary>A tool call known from a permission request; the JSON is the request's <c>toolCall</c>.</summary>
    public const string RequestedToolCall = "tvx.tool_call";
}
