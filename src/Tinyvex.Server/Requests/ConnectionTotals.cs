namespace Tinyvex.Requests;

/// <summary>What the connections of a moment have together.</summary>
/// <param name="Sync">Connections in sync mode.</param>
/// <param name="Broadcast">Connections in broadcast mode.</param>
/// <param name="Subscriptions">Their places in the log, that of broadcast mode included.</param>
/// <param name="Behind">Of these, those whose next update is no longer in memory.</param>
internal readonly record struct ConnectionTotals(int Sync, int Broadcast, int Subscriptions, int Behind);
