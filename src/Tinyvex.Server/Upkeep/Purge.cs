using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Upkeep;

/// <summary>
/// Brings what was deleted out of the file: the rows, then their words in the search index, then the pages that became free, and last what the WAL
/// still holds of all this.
/// </summary>
internal sealed class Purge(ReaderPool readers, Checkpointer checkpointer, UpkeepSteps steps)
{
    private const string Last = "SELECT max(eventId) FROM purges";

    /// <summary>How often, once a second, a moment is looked for in which nobody writes, before the writer is made to wait for one.</summary>
    private const int PatientTries = 60;

    private bool _walHolds;
    private int _tries;

    /// <summary>Whether something is left to do, as far as is known: an earlier life may have left something.</summary>
    public bool IsUnfinished { get; private set; } = true;

    /// <summary>Purges all that there is, and answers whether that was anything.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        IsUnfinished = true;
        var last = await LastAsync(cancellationToken);
        if (last is { } deletion)
        {
            await steps.TakeAsync((_, done) => new PurgeRows { Completed = done }, cancellationToken);
            await steps.TakeAsync((from, done) => new PurgeIndex { IsFirst = from is null, Completed = done }, cancellationToken);
            await steps.TakeAsync((_, done) => new FreePages { Keep = 0, Completed = done }, cancellationToken);
            await steps.TakeAsync((_, done) => new ForgetPurges { To = deletion, Completed = done }, cancellationToken);
            _walHolds = true;
        }

        if (_walHolds && await checkpointer.TryEmptyAsync(evenIfBusy: ++_tries > PatientTries)) (_walHolds, _tries) = (false, 0);
        IsUnfinished = _walHolds;
        return last is not null;
    }

    private async Task<long?> LastAsync(CancellationToken cancellationToken) =>
        await readers.ReadAsync(store => store.Get(Last).Number(), cancellationToken);
}
