using System.Text.Json;

namespace Tinyvex.Agents;

/// <summary>
/// What an agent says unasked. Called by the reading loop, one message after the other, so a call must not wait for a person. The
/// line stays valid afterwards, the element does not.
/// </summary>
internal interface IAgentHandler
{
    ValueTask OnNotificationAsync(string method, ReadOnlyMemory<byte> line, JsonElement parameters);

    /// <param name="connection">Where the answer goes: more than one agent may call while one takes the other's place.</param>
    ValueTask OnRequestAsync(AgentConnection connection, ReadOnlyMemory<byte> id, string method, ReadOnlyMemory<byte> line, JsonElement parameters);
}
