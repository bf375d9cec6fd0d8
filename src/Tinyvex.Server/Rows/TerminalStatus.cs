namespace Tinyvex.Rows;

/// <summary>States of a terminal: running → exited | killed | lost.</summary>
internal static class TerminalStatus
{
    public const string Running = "running";

    /// <summary>Its command ended by itself.</summary>
    public const string Exited = "exited";

    /// <summary>It was ended for its agent, or with it.</summary>
    public const string Killed = "killed";

    /// <summary>It ended with a server that could not say how any more.</summary>
    public const string Lost = "lost";
}
