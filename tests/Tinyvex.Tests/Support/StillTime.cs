namespace Tinyvex.Tests.Support;

/// <summary>The system's time, but that no timer ever ends: what a server does by itself from time to time, it does not do.</summary>
internal sealed class StillTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
