using System.Net;
using Microsoft.Extensions.Logging;

namespace Tinyvex.Admission;

/// <summary>
/// Those who come without the right token, counted by the minute: beyond a number they are turned away, which costs less than an answer.
/// Whoever has the right one never gets here, so nobody can lock others out, be it by an old token in a forgotten tab.
/// </summary>
internal sealed partial class TokenFailures(TinyvexOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;
    private readonly Lock _lock = new();

    // No more than the failures that are counted of a minute.
    private readonly Dictionary<IPAddress, int> _ofAddress = [];
    private long _since = time.GetTimestamp();
    private int _ofAll;
    private bool _isLogged;
    private long _refused;
    private long _turnedAway;

    /// <summary>Wrong tokens since the start that were answered as such.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Wrong tokens since the start that were too many for their minute.</summary>
    public long TurnedAway => Volatile.Read(ref _turnedAway);

    /// <summary>Counts a wrong token, and answers after how long the next one is heard; null where this one still is.</summary>
    /// <param name="from">Whose it was. Behind a loopback address may be anyone on this machine, so only all of them are counted together.</param>
    public TimeSpan? Count(IPAddress? from)
    {
        lock (_lock)
        {
            var passed = time.GetElapsedTime(_since);
            if (passed >= Minute)
            {
                (_since, passed, _ofAll, _isLogged) = (time.GetTimestamp(), TimeSpan.Zero, 0, false);
                _ofAddress.Clear();
            }

            if (IsHeard(from))
            {
                _refused++;
                return null;
            }

            _turnedAway++;
            if (!_isLogged) LogTooMany(from);
            _isLogged = true;
            return Minute - passed;
        }
    }

    private bool IsHeard(IPAddress? from)
    {
        if (_ofAll >= options.MaxFailedTokens) return false;
        if (from is not null && !IPAddress.IsLoopback(from))
        {
            var ofAddress = _ofAddress.GetValueOrDefault(from);
            if (ofAddress >= options.MaxFailedTokensPerAddress) return false;
            _ofAddress[from] = ofAddress + 1;
        }

        _ofAll++;
        return true;
    }

    [LoggerMessage(EventId = LogEvents.TooManyTokens, Level = LogLevel.Warning, Message = "Too many came without the right token, the last from {Address}; more of them are turned away until the minute is over")]
    private partial void LogTooMany(IPAddress? address);
}
