namespace Tinyvex.Sessions;

/// <summary>An agent of the pool and who needs it. Guarded by the pool's lock.</summary>
internal sealed class PooledAgent(LiveAgent agent)
{
    public LiveAgent Agent => agent;

    /// <summary>Threads that have a session of it, or are about to.</summary>
    public HashSet<ThreadSession> Users { get; } = [];

    /// <summary>Questions under way that are about no thread.</summary>
    public int Visits { get; set; }

    /// <summary>When the last of its users or visits left.</summary>
    public long LeftAt { get; set; }

    /// <summary>Whether it is being ended, and of no use to anybody new.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Since when it has nothing to do; null while it works, or ends.</summary>
    public long? IdleSince
    {
        get
        {
            if (IsEnding || Visits > 0) return null;
            var latest = LeftAt;
            foreach (var user in Users)
            {
                if (user.IdleSince is not { } since) return null;
                latest = Math.Max(latest, since);
            }

            return latest;
        }
    }

    /// <summary>Marks it as ending, where nobody needs it; once.</summary>
    /// <param name="evenIfVisited">Whether it has to end, whoever asks it something: its thread may want to be rid of it.</param>
    public bool TryEnd(bool evenIfVisited = false)
    {
        if (IsEnding || (Visits > 0 && !evenIfVisited) || Users.Count > 0) return false;
        return IsEnding = true;
    }
}
