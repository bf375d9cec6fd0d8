using System.Collections.Concurrent;
using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>
/// The requests that were sent to the client and wait for its reply. Their ids are their own: the client's may be equal.
/// </summary>
internal sealed class OwnRequests
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _waiting = [];
    private long _last = -1;

    public long Open(out Task<JsonElement> reply)
    {
        var id = Interlocked.Increment(ref _last);
        var waiting = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = waiting;
        reply = waiting.Task;
        return id;
    }

    /// <summary>Forgets a request: a reply that still comes is of no use.</summary>
    public void Close(long id) => _waiting.TryRemove(id, out _);

    public void Resolve(JsonElement id, JsonElement reply)
    {
        if (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number)
            && _waiting.TryRemove(number, out var waiting))
            waiting.SetResult(reply.Clone());
    }
}
