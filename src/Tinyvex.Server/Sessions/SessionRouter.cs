using System.Text.Json;
using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>
/// Gives what an agent says to the thread that it is about. An agent of one thread has one receiver, whatever ids it uses; one that is shared
/// has one for each session.
/// </summary>
internal sealed class SessionRouter(IAgentHandler? owner) : IAgentHandler
{
    /// <summary>Sessions that were left and of which a word may still come; it is dropped, and not taken for one of a session being opened.</summary>
    private const int MaxLeft = 1_000;

    private readonly Dictionary<string, IAgentHandler> _receivers = new(StringComparer.Ordinal);
    private readonly Queue<string> _left = new();
    private IAgentHandler? _expecting;

    public void Add(string sessionId, IAgentHandler receiver)
    {
        lock (_receivers) _receivers[sessionId] = receiver;
    }

    public void Remove(string sessionId)
    {
        lock (_receivers)
        {
            if (!_receivers.Remove(sessionId)) return;
            _left.Enqueue(sessionId);
            if (_left.Count > MaxLeft) _left.Dequeue();
        }
    }

    /// <summary>Who gets what comes before a session's id is known; null where none is being opened.</summary>
    public void Expect(IAgentHandler? receiver)
    {
        lock (_receivers) _expecting = receiver;
    }

    public async ValueTask OnNotificationAsync(string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        if (Receiver(parameters) is { } receiver)
        {
            await receiver.OnNotificationAsync(method, line, parameters);
            return;
        }

        if (Names(parameters)) return;
        List<IAgentHandler> all;
        lock (_receivers) all = [.. _receivers.Values];
        // Such as the end of an elicitation, which names no session: whose it is knows it.
        foreach (var one in all) await one.OnNotificationAsync(method, line, parameters);
    }

    public async ValueTask OnRequestAsync(
        AgentConnection connection, ReadOnlyMemory<byte> id, string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        if (Receiver(parameters) is { } receiver) await receiver.OnRequestAsync(connection, id, method, line, parameters);
        else await connection.RespondErrorAsync(id, AgentRpcException.InvalidParams, $"{method} needs the 'sessionId' of an open session");
    }

    private static bool Names(JsonElement parameters) => parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("sessionId"u8, out _);

    private IAgentHandler? Receiver(JsonElement parameters)
    {
        if (owner is not null) return owner;
        lock (_receivers)
        {
            if (parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("sessionId"u8, out var named) && named.ValueKind == JsonValueKind.String)
            {
                var sessionId = JsonText.Text(named);
                return _receivers.TryGetValue(sessionId, out var receiver) ? receiver : _left.Contains(sessionId) ? null : _expecting;
            }

            // Without an id it can only be meant for the one there is.
            return _expecting ?? (_receivers.Count == 1 ? _receivers.Values.First() : null);
        }
    }
}
