using Tinyvex.Fanout;

namespace Tinyvex.Connections;

/// <summary>A request about a subscription; one without a limit ends it.</summary>
internal sealed record SubscribeRequest(ReadOnlyMemory<byte>? Id, Subscription What, int? Limit, string? Since);
