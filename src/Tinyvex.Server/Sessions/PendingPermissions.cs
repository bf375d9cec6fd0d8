using System.Collections.Concurrent;
using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>The permission requests that an agent waits for, each answered once: by what was stored of it, or by a cancel.</summary>
internal sealed class PendingPermissions
{
    private readonly ConcurrentDictionary<string, (AgentConnection Connection, ReadOnlyMemory<byte> Id)> _pending = new(StringComparer.Ordinal);

    private static ReadOnlyMemory<byte> Cancelled { get; } = "{\"outcome\":\"cancelled\"}"u8.ToArray();

    public int Count => _pending.Count;

    public void Add(string requestId, AgentConnection connection, ReadOnlyMemory<byte> id) => _pending[requestId] = (connection, id);

    public void Answer(string requestId, ReadOnlyMemory<byte> outcome)
    {
        if (_pending.TryRemove(requestId, out var asked)) _ = RespondAsync(asked.Connection, asked.Id, outcome);
    }

    public void CancelAll()
    {
        foreach (var requestId in _pending.Keys) Answer(requestId, Cancelled);
    }

    /// <summary>Answers a request that was never stored.</summary>
    public static Task RefuseAsync(AgentConnection connection, ReadOnlyMemory<byte> id) => RespondAsync(connection, id, Cancelled);

    private static Task RespondAsync(AgentConnection connection, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> outcome) => connection.RespondAsync(id, json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("outcome"u8);
        json.WriteRawValue(outcome.Span, skipInputValidation: true);
        json.WriteEndObject();
    });
}
