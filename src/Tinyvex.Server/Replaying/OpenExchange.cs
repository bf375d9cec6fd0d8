namespace Tinyvex.Replaying;

/// <summary>An exchange while it is put together.</summary>
internal sealed class OpenExchange(Exchange exchange, RecordedMessage? answer, TimeSpan began)
{
    public Exchange Exchange => exchange;

    /// <summary>The answer that is still to come; null if none ever does.</summary>
    public RecordedMessage? Answer => answer;

    /// <summary>When the exchange was last heard of.</summary>
    public TimeSpan Last { get; set; } = began;

    /// <summary>The time since then, which becomes the new last one. Never less than none.</summary>
    public TimeSpan Since(TimeSpan time)
    {
        var since = time > Last ? time - Last : TimeSpan.Zero;
        Last = time;
        return since;
    }
}
