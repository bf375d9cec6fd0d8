using Tinyvex.Storage;

namespace Tinyvex.Fanout;

/// <summary>
/// Reads of the store whose result serves everyone who asks for the same: those who ask while it is being read get that one result, and
/// so do those who ask soon after. So thousands who come at once cost what a few do.
/// </summary>
/// <param name="sizeOf">Bytes that a result holds.</param>
/// <param name="stillHolds">Whether a result may be given to one who asks now.</param>
internal sealed class SharedReads<TKey, TResult>(ReaderPool readers, Func<TResult, long> sizeOf, Func<TResult, bool> stillHolds)
    where TKey : notnull
{
    /// <summary>Results kept after those who asked have them: room for two snapshots as large as they get, and for many as they are.</summary>
    private const long MaxBytes = 8 * 1024 * 1024;

    /// <summary>Small results are bounded in number, since each holds more than its bytes.</summary>
    private const int MaxResults = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Task<TResult>> _results = [];
    private readonly Queue<(TKey Key, Task<TResult> Read, long Bytes)> _kept = new();
    private long _bytes;
    private long _read;
    private long _shared;

    /// <summary>Results that were read from the store.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>Results that were given to one more who asked.</summary>
    public long Shared => Volatile.Read(ref _shared);

    /// <summary>Answers a result, and whether it was read for somebody else.</summary>
    public async ValueTask<(TResult Result, bool IsShared)> GetAsync(TKey key, Func<StoreConnection, TResult> read, CancellationToken cancellationToken)
    {
        Task<TResult> result;
        bool isShared;
        lock (_lock)
        {
            isShared = _results.TryGetValue(key, out result!) && (!result.IsCompleted || (result.IsCompletedSuccessfully && stillHolds(result.Result)));
            if (isShared)
            {
                _shared++;
            }
            else
            {
                _read++;
                _results[key] = result = ReadAsync(key, read);
            }
        }

        return (await result.WaitAsync(cancellationToken), isShared);
    }

    private async Task<TResult> ReadAsync(TKey key, Func<StoreConnection, TResult> read)
    {
        // Past the lock of the caller, whatever the reader does at once.
        await Task.Yield();
        try
        {
            // Not the caller's patience: others may wait for it too.
            var result = await readers.ReadAsync(read, CancellationToken.None);
            Keep(key, sizeOf(result));
            return result;
        }
        catch
        {
            lock (_lock) _results.Remove(key);
            throw;
        }
    }

    private void Keep(TKey key, long bytes)
    {
        lock (_lock)
        {
            _kept.Enqueue((key, _results[key], bytes));
            _bytes += bytes;
            while (_bytes > MaxBytes || _kept.Count > MaxResults)
            {
                var oldest = _kept.Dequeue();
                _bytes -= oldest.Bytes;
                if (_results.TryGetValue(oldest.Key, out var current) && current == oldest.Read) _results.Remove(oldest.Key);
            }
        }
    }
}
