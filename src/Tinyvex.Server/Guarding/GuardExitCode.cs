namespace Tinyvex.Guarding;

/// <summary>
/// What the guard's exit code says when it is not the agent's own. The numbers are those of <c>env</c> and
/// <c>timeout</c>, so that a reader of logs meets nothing new.
/// </summary>
internal static class GuardExitCode
{
    /// <summary>The guard itself failed: wrong arguments, a parent gone before the start, a tree that would not die.</summary>
    internal const int GuardFailed = 125;

    internal const int CannotExecute = 126;

    internal const int CommandNotFound = 127;

    /// <summary>Added to the number of the signal that ended the agent, as shells do.</summary>
    internal const int SignalBase = 128;
}
