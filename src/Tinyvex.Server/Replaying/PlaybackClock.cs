namespace Tinyvex.Replaying;

/// <summary>
/// Says when the next thing is due. It counts from one start instead of waiting for each delay by itself, because timers round up
/// and a thousand small delays would otherwise take twice their sum.
/// </summary>
internal sealed class PlaybackClock(ReplaySpeed speed, TimeProvider time)
{
    private long _start = time.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Starts anew: what was waited for meanwhile was not in the recording.</summary>
    public void Restart()
    {
        _start = time.GetTimestamp();
        _due = TimeSpan.Zero;
    }

    /// <summary>Waits until the next thing is due, or until there is a hurry.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public async ValueTask WaitAsync(TimeSpan recorded, CancellationToken stop, CancellationToken hurry)
    {
        stop.ThrowIfCancellationRequested();
        if (speed.IsMax || hurry.IsCancellationRequested)
            return;

        _due += speed.Scale(recorded);
        var remaining = _due - time.GetElapsedTime(_start);
        if (remaining < TimeSpan.FromMilliseconds(1))
            return;

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, hurry);
        try
        {
            await Task.Delay(remaining, time, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // In a hurry, the rest comes without waiting.
        }
    }
}
