using System.Text;

namespace Tinyvex.Cli.Proxying;

/// <summary>
/// Requests for permission that were put to the editor and to all clients. The agent gets one answer, of whoever the store took first;
/// where the store does not say in time, the editor's. What is later is dropped.
/// </summary>
internal sealed class PermissionRace(SharedOutput toAgent, SharedOutput toEditor, TimeProvider time)
{
    /// <summary>How long the editor's answer waits for the store, which takes a millisecond where it is well.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PermissionAsk> _open = new(StringComparer.Ordinal);
    // Requests that a client has answered, and the editor has still to: its answer is for nobody.
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private volatile bool _waits;

    /// <summary>Whether the next line of the editor may be an answer to one of them.</summary>
    public bool Waits => _waits;

    /// <summary>The agent asks; to be called before the editor can know.</summary>
    public void Ask(PermissionAsk ask)
    {
        lock (_lock)
        {
            if (_open.Count + _late.Count >= PassingLimits.MaxRequests) return;
            _open[ask.Key] = ask;
            _late.Remove(ask.Key);
            _waits = true;
        }
    }

    /// <summary>Takes a line of the editor where it is an answer: the request, which then waits for the store; null where it is too late.</summary>
    public bool TryTake(byte[] line, out PermissionAsk? ask)
    {
        ask = null;
        if (!RpcLine.TryRead(line, out var message) || message.Method is not null || message.Id.IsMissing) return false;
        lock (_lock)
        {
            if (_late.Remove(message.Key))
            {
                Look();
                return true;
            }

            if (!_open.TryGetValue(message.Key, out ask) || ask.EditorLine is not null) return false;
            ask.EditorLine = line;
            var waiting = ask;
            ask.Patience = time.CreateTimer(_ => DecideByEditor(waiting), null, StorePatience, Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    /// <summary>The editor's answer goes to the agent as it was written.</summary>
    public void DecideByEditor(PermissionAsk ask)
    {
        lock (_lock)
        {
            if (ask.EditorLine is not { } line || !TryDecide(ask)) return;
            toAgent.Insert([.. line, (byte)'\n']);
        }
    }

    /// <summary>Somebody else was first, or something: a client, a rule of the thread, a cancel.</summary>
    /// <param name="outcome">As ACP.</param>
    public void DecideByStore(PermissionAsk ask, string outcome)
    {
        lock (_lock)
        {
            if (!TryDecide(ask)) return;
            ask.IsDecidedByStore = true;
            toAgent.Insert(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":{ask.Id},\"result\":{{\"outcome\":{outcome}}}}}\n"));
            if (ask.EditorLine is not null) return;
            _late.Add(ask.Key);
            _waits = true;
            toEditor.Insert(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"method\":\"$/cancel_request\",\"params\":{{\"requestId\":{ask.Id}}}}}\n"));
        }
    }

    /// <summary>Decides all that is open of a session, whether or not the store has heard of it yet.</summary>
    /// <param name="outcome">As ACP.</param>
    public void DecideAllByStore(ProxiedSession session, string outcome)
    {
        lock (_lock)
        {
            foreach (var ask in _open.Values.Where(ask => ask.Session == session).ToList()) DecideByStore(ask, outcome);
        }
    }

    /// <summary>The turn is over, and its requests are nobody's matter any more: what the editor still says of them passes as all else does.</summary>
    public void Forget(ProxiedTurn turn)
    {
        lock (_lock)
        {
            foreach (var ask in turn.Asks)
            {
                // One that the editor has answered still gets there.
                if (ask.EditorLine is null) TryDecide(ask);
            }
        }
    }

    private bool TryDecide(PermissionAsk ask)
    {
        if (ask.IsDecided) return false;
        ask.IsDecided = true;
        ask.Patience?.Dispose();
        _open.Remove(ask.Key);
        Look();
        return true;
    }

    private void Look() => _waits = _open.Count + _late.Count > 0;
}
