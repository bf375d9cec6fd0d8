using Microsoft.Extensions.Logging;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Upkeep;

/// <summary>
/// Keeps the file as small as what is in it: merges old chunks, purges deleted threads, gives free pages back. Beside everything else, and in no
/// hurry.
/// </summary>
internal sealed partial class UpkeepLoop : IAsyncDisposable
{
    /// <summary>How soon a deletion begins to be purged.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two looks for what can be merged: what is due may stay for that long.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>How long the server's stop is held up by a purge, a sixth of what it may take; the next start goes on with it.</summary>
    private static readonly TimeSpan Haste = TimeSpan.FromMilliseconds(500);

    /// <summary>Free pages that are worth keeping, as what is written next takes them: 256 KB.</summary>
    private const long KeptPages = 64;

    private readonly Func<long> _lastDeletion;
    private readonly UpkeepSteps _steps;
    private readonly LogMerge _merge;
    private readonly Purge _purge;
    private readonly Checkpointer _checkpointer;
    private readonly ReaderPool _readers;
    private readonly TimeSpan _wait;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private bool _isWell = true;

    /// <param name="lastDeletion">The last deletion of a thread that was committed, or 0.</param>
    public UpkeepLoop(
        Writer writer, ReaderPool readers, Checkpointer checkpointer, Func<long> lastDeletion, TinyvexOptions options, TimeProvider time, ILogger logger)
    {
        _lastDeletion = lastDeletion;
        _steps = new UpkeepSteps(writer, time);
        _merge = new LogMerge(readers, _steps, options.KeepRaw, time);
        _purge = new Purge(readers, checkpointer, _steps);
        _checkpointer = checkpointer;
        _readers = readers;
        _wait = options.KeepRaw == Timeout.InfiniteTimeSpan
            ? LongestWait
            : TimeSpan.FromTicks(Math.Clamp(options.KeepRaw.Ticks / 10, Tick.Ticks, LongestWait.Ticks));
        _time = time;
        _logger = logger;
    }

    public void Start() => _running = RunAsync(_stopping.Token);

    private async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Tick, _time);
        var purgedTo = 0L;
        long? lookedAt = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    var deletion = _lastDeletion();
                    if (purgedTo != deletion || _purge.IsUnfinished)
                    {
                        if (await _purge.RunAsync(stopping)) LogPurged();
                        purgedTo = deletion;
                    }

                    if (lookedAt is { } at && _time.GetElapsedTime(at) < _wait) continue;
                    lookedAt = _time.GetTimestamp();
                    var merged = await _merge.RunAsync(stopping);
                    var freed = await FreeAsync(stopping);
                    // All this went through the WAL, which would stay as large.
                    if (merged > 0 || freed) await _checkpointer.TryEmptyAsync();
                    if (merged > 0) LogMerged(merged);
                    _isWell = true;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The store's trouble passes, and the next tick tries again.
                    if (_isWell) LogFailed(exception.Message);
                    _isWell = false;
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Gives free pages back, where there are enough of them.</summary>
    private async Task<bool> FreeAsync(CancellationToken stopping)
    {
        if (await _readers.ReadAsync(store => store.Get("PRAGMA freelist_count").Number(), stopping) <= KeptPages) return false;
        await _steps.TakeAsync((_, done) => new FreePages { Keep = KeptPages, Completed = done }, stopping);
        return true;
    }

    /// <summary>Ends it, with what a small deletion has left to do. To be called while the writer still takes commands.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _steps.InHaste = true;
        using var limit = new CancellationTokenSource(Haste, _time);
        try
        {
            await _purge.RunAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What is left stands in the file, for the next start.
        }
    }

    [LoggerMessage(EventId = LogEvents.Merged, Level = LogLevel.Debug, Message = "Merged the chunks of {Messages} messages in the log")]
    private partial void LogMerged(long messages);

    [LoggerMessage(EventId = LogEvents.Purged, Level = LogLevel.Debug, Message = "What was deleted is out of the file")]
    private partial void LogPurged();

    [LoggerMessage(EventId = LogEvents.UpkeepFailed, Level = LogLevel.Warning, Message = "Upkeep of the file was interrupted ({Why}); it is tried again")]
    private partial void LogFailed(string why);
}
