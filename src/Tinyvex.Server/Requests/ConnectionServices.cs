using Microsoft.Extensions.Logging;
using Tinyvex.Admission;
using Tinyvex.Fanout;
using Tinyvex.Sessions;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Requests;

/// <summary>What all connections share.</summary>
/// <param name="Totals">What there is of connections at this moment.</param>
/// <param name="StopServer">Asks for an orderly end of the server, and returns at once.</param>
internal sealed record ConnectionServices(
    TinyvexOptions Options, StoreIdentity Identity, Writer Writer, ReaderPool Readers, Hub Hub, SessionRegistry Sessions, ServerFacts Facts,
    TimeProvider Time, ILogger Logger, Func<ConnectionTotals> Totals, Action StopServer)
{
    public ConnectionCounts Counts { get; } = new();

    public TokenFailures TokenFailures { get; } = new(Options, Time, Logger);

    public OneTimeCodes Codes { get; } = new(Options, Time);

    /// <summary>Which cursors can be followed.</summary>
    public Resumption Resumption { get; } = new(Identity, Readers, Hub, Options.MaxReplayedEvents);

    /// <summary>Snapshots, shared by those who ask for the same one while nothing new was published.</summary>
    public SharedReads<(Subscription, int), Snapshot> Snapshots { get; } =
        new(Readers, snapshot => snapshot.Rest.Length, snapshot => snapshot.Position == Hub.Position);

    /// <summary>Pieces of the log, shared by readers at one place. What was read does not change.</summary>
    public SharedReads<LogRange, LogBatch> Batches { get; } = new(Readers, batch => batch.Frames.Length, _ => true);
}
