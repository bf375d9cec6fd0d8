using Tinyvex.Fanout;
using Tinyvex.Feeding;

namespace Tinyvex.Connections;

/// <summary>A subscription of a connection and its place; the subscription is null where it is broadcast mode's.</summary>
internal sealed record Subscribed(Subscription? What, TopicReader Reader)
{
    /// <summary>
    /// The place up to which permissions and states of runs were sent ahead of what the client has yet to be sent. They come again in
    /// their place, so that a cursor keeps its promise. Null until the subscription was answered, and where it has none of them.
    /// </summary>
    public TopicReader? Ahead { get; private set; }

    public string? ThreadId => Reader.ThreadId;

    /// <summary>The answer is out: from here on something may be sent ahead.</summary>
    public void Answered(long head)
    {
        if ((Reader.Streams & StreamSet.Urgent) != 0) Ahead ??= new TopicReader(Reader.Topic, Reader.Streams & StreamSet.Urgent, Reader.ThreadId, head);
    }
}
