using Microsoft.Extensions.Logging;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>
/// Whether the store takes writes. While it does not, it is tried again and again, so that it is known to be well without waiting for
/// somebody to write. Told by whoever writes, one at a time; read by anyone.
/// </summary>
internal sealed partial class StoreHealth(TimeProvider time, ILogger logger, Action probe) : IDisposable
{
    /// <summary>Between two tries: a person who has made room on the disk does not wait for it, and a try costs one page of the WAL.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _over;
    private ITimer? _timer;
    private bool _ending;
    private volatile StoreFailure? _trouble;
    private volatile StoreFailure? _damage;

    /// <summary>Why any write is refused at the moment, or null.</summary>
    public StoreFailure? Trouble => _trouble;

    /// <summary>What was found to be broken in the file. A write elsewhere may succeed, but this stays until a restart.</summary>
    public StoreFailure? Damage => _damage;

    public void Failed(StoreFailure failure)
    {
        if (failure.IsDamage) _damage = failure;
        if (!failure.IsPassing) return;
        lock (_lock)
        {
            if (_trouble?.Code != failure.Code) LogTrouble(failure.Cause, failure.Message);
            _trouble = failure;
            if (_ending) return;
            _over ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _timer ??= time.CreateTimer(_ => probe(), null, ProbeInterval, ProbeInterval);
        }
    }

    /// <summary>Something was written.</summary>
    public void Succeeded()
    {
        if (_trouble is null) return;
        lock (_lock)
        {
            _trouble = null;
            LogWell();
            LetGo();
        }
    }

    /// <summary>Waits until the store takes writes, or is given up.</summary>
    public Task UntilWellAsync()
    {
        lock (_lock) return _over?.Task ?? Task.CompletedTask;
    }

    /// <summary>Nobody waits for it from now on.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ending = true;
            LetGo();
        }
    }

    private void LetGo()
    {
        _timer?.Dispose();
        _over?.SetResult();
        (_timer, _over) = (null, null);
    }

    [LoggerMessage(EventId = LogEvents.StoreTrouble, Level = LogLevel.Error, Message = "The store takes no writes: {Cause} ({Why}). It is tried again every second")]
    private partial void LogTrouble(string cause, string why);

    [LoggerMessage(EventId = LogEvents.StoreWell, Level = LogLevel.Information, Message = "The store takes writes again")]
    private partial void LogWell();
}
