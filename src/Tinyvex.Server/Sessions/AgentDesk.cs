using System.Text.Json;
using Tinyvex.Agents;
using Tinyvex.Files;
using Tinyvex.Terminals;

namespace Tinyvex.Sessions;

/// <summary>What an agent is offered beside the conversation: files and terminals. All else that it says goes on to its thread.</summary>
internal sealed class AgentDesk : IAgentHandler
{
    private readonly IAgentHandler _thread;
    private readonly FileDesk? _files;
    private readonly TerminalDesk? _terminals;

    /// <param name="directories">Where the agent may read, write and run: the first is where it works.</param>
    public AgentDesk(IAgentHandler thread, string threadId, AgentDefinition agent, IReadOnlyList<string> directories, SessionServices services)
    {
        _thread = thread;
        var roots = new FileRoots(directories);
        if (agent.OffersFiles) _files = new FileDesk(roots, services.Options);
        if (!agent.OffersTerminals) return;
        _terminals = new TerminalDesk(threadId, agent.Environment, directories[0], roots, services.Writer, services.Options, services.Time, services.Logger);
    }

    public bool OffersFiles => _files is not null;

    public bool OffersTerminals => _terminals is not null;

    public ValueTask OnNotificationAsync(string method, ReadOnlyMemory<byte> line, JsonElement parameters) =>
        _thread.OnNotificationAsync(method, line, parameters);

    public ValueTask OnRequestAsync(AgentConnection connection, ReadOnlyMemory<byte> id, string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        if (_files is not null && FileDesk.Handles(method)) return new ValueTask(_files.HandleAsync(connection, id, method, line, parameters));
        if (_terminals is not null && TerminalDesk.Handles(method)) return new ValueTask(_terminals.HandleAsync(connection, id, method, line, parameters));
        return _thread.OnRequestAsync(connection, id, method, line, parameters);
    }

    /// <summary>Ends what runs for the agent, which is gone or goes.</summary>
    public Task StopAsync() => _terminals?.StopAsync() ?? Task.CompletedTask;
}
