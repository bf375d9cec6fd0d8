namespace Tinyvex.Guarding;

/// <summary>
/// The descendants of the guard, addressed by process group. A signal to a group reaches all its members at once: a
/// process that forks in that moment either takes the signal first or has its child hit as well, which a list of
/// process ids cannot promise.
/// </summary>
internal abstract class ProcessTree
{
    /// <summary>To be called once, before the agent is started.</summary>
    internal abstract void Prepare();

    /// <summary>One pass: sends the signal to every descendant that can be found now.</summary>
    internal abstract void Signal(int agentPid, int signal);

    /// <summary>
    /// Whether descendants may be alive although the guard has no child left.
    /// </summary>
    internal abstract bool HasStrays();

    protected static void SignalGroup(int group, int signal)
    {
        // kill(-1) would reach every process of the user and kill(0) the guard's own group.
        if (group > 1 && group != LibC.GetPgid(0))
            _ = LibC.Kill(-group, signal);
    }
}
