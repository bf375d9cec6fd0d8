using Tinyvex.Feeding;

namespace Tinyvex.Fanout;

/// <summary>What a client subscribed to.</summary>
internal sealed record Subscription(string Stream, string? ThreadId)
{
    public StreamSet Streams { get; } = StreamName.Parse(Stream, ThreadId);

    /// <summary>The thread whose topic is read: the <c>threads</c> stream spans all of them, whatever else was sent along.</summary>
    public string? TopicThread => Stream == StreamName.Threads ? null : ThreadId;
}
