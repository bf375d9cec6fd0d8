using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>Notices a turn in which the agent has said nothing for long, while it is not the agent that waits.</summary>
internal sealed partial class ThreadSession
{
    private ITimer? _silenceTimer;
    private long _heardAt;
    private volatile bool _stalled;

    private void BeginWatch()
    {
        Volatile.Write(ref _heardAt, services.Time.GetTimestamp());
        _stalled = false;
        if (services.Options.StalledAfter == Timeout.InfiniteTimeSpan) return;
        lock (_lock)
        {
            if (_stopping.Task.IsCompleted) return;
            _silenceTimer ??= services.Time.CreateTimer(_ => LookForSilence(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _silenceTimer.Change(services.Options.StalledAfter, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndWatch()
    {
        lock (_lock)
        {
            _stalled = false;
            _silenceTimer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The agent has said something, or was given what it waited for.</summary>
    private void Heard()
    {
        Volatile.Write(ref _heardAt, services.Time.GetTimestamp());
        if (!_stalled) return;
        lock (_lock)
        {
            if (!_stalled || _turn is not { } turn) return;
            _stalled = false;
            Note(turn, null);
            if (!_stopping.Task.IsCompleted) _silenceTimer?.Change(services.Options.StalledAfter, Timeout.InfiniteTimeSpan);
        }
    }

    private void LookForSilence()
    {
        lock (_lock)
        {
            if (_stopping.Task.IsCompleted || _stalled || _turn is not { IsAnswered: false } turn) return;
            // It waits for a person, or for a program that it has us run.
            if (_session is { } session && session.Agent.IsAsking(session.Id)) Volatile.Write(ref _heardAt, services.Time.GetTimestamp());
            var limit = services.Options.StalledAfter;
            var silence = services.Time.GetElapsedTime(Volatile.Read(ref _heardAt));
            if (silence < limit)
            {
                _silenceTimer!.Change(limit - silence, Timeout.InfiniteTimeSpan);
                return;
            }

            _stalled = true;
            SessionLog.Stalled(_logger, turn.RunId, (long)silence.TotalSeconds);
            Note(turn, (services.Time.GetUtcNow() - silence).ToUnixTimeMilliseconds());
        }
    }

    /// <summary>To be called with the lock held, so that the writer is told in the order in which it was seen.</summary>
    private void Note(Turn turn, long? since) =>
        _ = services.Writer.EnqueueUnlessStoppingAsync(new NoteSilence { RunId = turn.RunId, Since = since });
}
