using System.Collections.Concurrent;
using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>A session that a client has here, playing a session of the recording at its own position.</summary>
internal sealed class ReplaySession(string? id, string? recordedId)
{
    private readonly Lock _lock = new();
    private readonly List<Playback> _active = [];

    /// <summary>The id as JSON; empty for what concerns no session.</summary>
    public ReadOnlyMemory<byte> Id { get; } =
        id is null ? default : (byte[])[(byte)'"', .. JsonEncodedText.Encode(id).EncodedUtf8Bytes, (byte)'"'];

    public string? RecordedId => recordedId;

    public PlayingPosition Position { get; } = new();

    public ConcurrentDictionary<string, byte[]> Terminals { get; } = [];

    /// <summary>Takes a playback in; returns those that are to be over before it begins.</summary>
    public List<Playback> Add(Playback playback)
    {
        lock (_lock)
        {
            _active.RemoveAll(active => active.Done.IsCompleted);
            var before = _active.FindAll(active => active.IsAnswered || (active.IsPrompt && playback.IsPrompt));
            _active.Add(playback);
            return before;
        }
    }

    /// <summary>What has been answered and still has something to say.</summary>
    public List<Playback> Answered()
    {
        lock (_lock)
        {
            return _active.FindAll(active => active is { IsAnswered: true, Done.IsCompleted: false });
        }
    }

    /// <summary>Cancels the prompt that is being played, or is the next to be; those queued behind it go on.</summary>
    public void CancelPrompt()
    {
        lock (_lock)
        {
            _active.Find(active => active is { IsPrompt: true, IsAnswered: false })?.Stop();
        }
    }

    /// <summary>Stops everything; returns when it has stopped.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            foreach (var active in _active)
                active.Stop();
            return Task.WhenAll(_active.ConvertAll(active => active.Done));
        }
    }
}
