namespace Tinyvex.Admission;

/// <summary>
/// Codes that stand in for the token once (docs/protocol.md, "One-time codes"), so that a link can let a browser in which is worth nothing
/// afterwards. In memory alone: a code does not outlive its server.
/// </summary>
internal sealed class OneTimeCodes(TinyvexOptions options, TimeProvider time)
{
    /// <summary>Subprotocol entries with this prefix carry a code.</summary>
    public const string SubprotocolPrefix = "tinyvex.code.";

    private readonly Lock _lock = new();

    // In the order they were made, which is the order they expire in.
    private readonly List<OneTimeCode> _alive = [];

    /// <summary>A new code. Where there are as many as there may be the oldest goes: who has just asked for one is about to use it.</summary>
    public OneTimeCode Make()
    {
        var made = new OneTimeCode(AccessToken.Make(), time.GetUtcNow() + options.OneTimeCodeLifetime);
        lock (_lock)
        {
            RemoveExpired();
            if (_alive.Count >= options.MaxOneTimeCodes) _alive.RemoveAt(0);
            _alive.Add(made);
        }

        return made;
    }

    /// <summary>Spends the code among what a client offers; false where none is offered, or one that is wrong, spent or expired.</summary>
    public bool TryTake(List<string> subprotocols)
    {
        // The first alone, so that one handshake is one guess.
        var offered = subprotocols.Find(static entry => entry.StartsWith(SubprotocolPrefix, StringComparison.Ordinal));
        return offered is not null && TryTake(offered[SubprotocolPrefix.Length..]);
    }

    private bool TryTake(string given)
    {
        lock (_lock)
        {
            RemoveExpired();
            var found = -1;
            // All of them, so that the time tells nothing of which one was nearly right.
            for (var i = 0; i < _alive.Count; i++)
            {
                if (AccessToken.Matches(_alive[i].Code, given)) found = i;
            }

            if (found < 0) return false;
            _alive.RemoveAt(found);
            return true;
        }
    }

    private void RemoveExpired()
    {
        var now = time.GetUtcNow();
        _alive.RemoveAll(code => code.ExpiresAt <= now);
    }
}
