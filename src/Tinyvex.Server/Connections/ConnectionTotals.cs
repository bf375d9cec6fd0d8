namespace Tinyvex.Connections;

/// <summary>What the connections of a moment have together.</summary>
/// <param name="Sync">Connections in sync mode.</param>
/// <param name="Broadcast">Connections in broadcast mode.</param>
/// <param name="Subscriptions">Their places in the log, that of broadcast mode included.</param>
/// <param name="Behind">Of these, those whose next update is no longer in memory.</param>
internal readonly record struct ConnectionTotals(int Sync, int Broadcast, int Subscriptions, int Behind)
{
    public static ConnectionTotals Of(IEnumerable<Connection> connections)
    {
        var totals = default(ConnectionTotals);
        foreach (var connection in connections)
        {
            // One that was given up is no longer counted, though its socket may still be there.
            if (connection.HasLeft) continue;
            var (subscriptions, behind) = connection.CountPlaces();
            totals = new ConnectionTotals(
                totals.Sync + (connection.IsBroadcast ? 0 : 1), totals.Broadcast + (connection.IsBroadcast ? 1 : 0),
                totals.Subscriptions + subscriptions, totals.Behind + behind);
        }

        return totals;
    }
}
