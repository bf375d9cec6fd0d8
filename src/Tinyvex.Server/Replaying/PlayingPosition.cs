namespace Tinyvex.Replaying;

/// <summary>
/// How far a recording has been played, for each method. After the last request of a method comes its first again.
/// </summary>
internal sealed class PlayingPosition
{
    private readonly Dictionary<string, int> _played = new(StringComparer.Ordinal);

    /// <summary>The next request to be answered as recorded, and the round it belongs to, which begins at 1.</summary>
    public (Exchange Exchange, int Round) Next(string method, IReadOnlyList<Exchange> recorded)
    {
        var played = _played.GetValueOrDefault(method);
        _played[method] = played + 1;
        return (recorded[played % recorded.Count], (played / recorded.Count) + 1);
    }

    /// <summary>
    /// Goes on with the first request that was recorded after another; with the first of all where there is none.
    /// </summary>
    public void MoveBehind(Exchange exchange, string method, IReadOnlyList<Exchange> recorded)
    {
        for (var i = 0; i < recorded.Count; i++)
        {
            if (recorded[i].Order > exchange.Order)
            {
                _played[method] = i;
                return;
            }
        }
    }
}
