namespace Tinyvex.Guarding;

/// <summary>
/// macOS: there is no subreaper, so orphans go to launchd. Known are the agent's group, and at each pass the tree below
/// the guard with the groups in it; a group once seen is remembered until it is empty.
/// </summary>
/// <remarks>
/// Limit: a descendant that left the agent's group AND lost its parent before the first pass is not found.
/// </remarks>
internal sealed unsafe class DarwinProcessTree : ProcessTree
{
    /// <summary>More direct children than any process of an agent has; what is beyond comes up in the next pass.</summary>
    private const int MaxChildren = 4096;

    private readonly HashSet<int> _groups = [];
    private readonly int[] _children = new int[MaxChildren];

    internal override void Prepare()
    {
        // Nothing to be set up.
    }

    internal override void Signal(int agentPid, int signal)
    {
        // The agent leads its own session, so its process id is the group's id, even after it has exited.
        _groups.Add(agentPid);
        AddGroupsBelow(LibC.GetPid());
        foreach (var group in _groups)
            SignalGroup(group, signal);
    }

    internal override bool HasStrays()
    {
        const int JustAsk = 0;
        _groups.RemoveWhere(group => LibC.Kill(-group, JustAsk) != 0);
        return _groups.Count > 0;
    }

    private void AddGroupsBelow(int root)
    {
        var seen = new HashSet<int> { root };
        var open = new Stack<int>([root]);
        while (open.TryPop(out var parent))
        {
            int count;
            fixed (int* buffer = _children)
                count = DarwinLibC.ListChildPids(parent, buffer, MaxChildren * sizeof(int));

            for (var i = 0; i < Math.Min(count, MaxChildren); i++)
            {
                var child = _children[i];
                if (child <= 0 || !seen.Add(child))
                    continue;
                open.Push(child);
                _groups.Add(LibC.GetPgid(child));
            }
        }
    }
}
