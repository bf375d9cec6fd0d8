namespace Tinyvex.Sessions;

/// <summary>
/// Threads whose sessions editors drive, each by a connection that stands between the editor and its agent. No prompt from elsewhere gets
/// into one of them. Nothing of it is stored: who holds a thread says so again on each connection.
/// </summary>
internal sealed class HeldThreads
{
    private readonly Lock _lock = new();
    // By thread: two editors may have loaded the same session.
    private readonly Dictionary<string, List<(object Holder, string Agent)>> _held = new(StringComparer.Ordinal);

    public bool IsHeld(string threadId)
    {
        lock (_lock) return _held.ContainsKey(threadId);
    }

    /// <summary>The agent that a connection holds the thread for; null where it does not.</summary>
    public string? AgentOf(string threadId, object holder)
    {
        lock (_lock) return _held.GetValueOrDefault(threadId)?.Find(one => one.Holder == holder).Agent;
    }

    /// <summary>Whether a connection holds any thread, and so speaks for an editor.</summary>
    public bool HoldsAny(object holder)
    {
        lock (_lock) return _held.Values.Any(holders => holders.Exists(one => one.Holder == holder));
    }

    public void Hold(string threadId, object holder, string agent)
    {
        lock (_lock)
        {
            if (!_held.TryGetValue(threadId, out var holders)) _held[threadId] = holders = [];
            if (!holders.Exists(one => one.Holder == holder)) holders.Add((holder, agent));
        }
    }

    public void Release(string threadId, object holder)
    {
        lock (_lock)
        {
            if (!_held.TryGetValue(threadId, out var holders)) return;
            holders.RemoveAll(one => one.Holder == holder);
            if (holders.Count == 0) _held.Remove(threadId);
        }
    }

    /// <summary>The connection has ended, and holds nothing any more.</summary>
    public void Leave(object holder)
    {
        lock (_lock)
        {
            foreach (var threadId in _held.Keys.ToList()) Release(threadId, holder);
        }
    }
}
