namespace Tinyvex.Replaying;

/// <summary>What all playbacks of one connection share.</summary>
internal sealed class PlaybackContext(MessageWriter writer, ReplaySpeed speed, TimeProvider time)
{
    private volatile ClientCapabilities _capabilities = new();

    public MessageWriter Writer => writer;

    public OwnRequests Requests { get; } = new();

    /// <summary>What the client said in its last handshake.</summary>
    public ClientCapabilities Capabilities
    {
        get => _capabilities;
        set => _capabilities = value;
    }

    public PlaybackClock StartClock() => new(speed, time);
}
