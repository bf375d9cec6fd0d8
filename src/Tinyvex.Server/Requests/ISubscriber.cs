using Tinyvex.Fanout;

namespace Tinyvex.Requests;

/// <summary>Who can be sent more than answers: a connection.</summary>
internal interface ISubscriber
{
    int SubscriptionCount { get; }

    /// <param name="since">The cursor to go on from; null for a snapshot.</param>
    void Subscribe(ReadOnlyMemory<byte>? id, Subscription what, int limit, string? since);

    void Unsubscribe(ReadOnlyMemory<byte>? id, Subscription what);
}
