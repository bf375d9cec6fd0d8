using System.Text.Json;
using Tinyvex.Agents;
using Tinyvex.Terminals;
using Tinyvex.TextFiles;

namespace Tinyvex.Sessions;

/// <summary>What a thread's agent is offered beside the conversation, for as long as it works for the thread: files and terminals.</summary>
internal sealed class AgentDesk
{
    private readonly FileDesk? _files;
    private readonly TerminalDesk? _terminals;

    /// <param name="directories">Where the agent may read, write and run: the first is where it works.</param>
    public AgentDesk(string threadId, AgentDefinition agent, IReadOnlyList<string> directories, SessionServices services)
    {
        var roots = new FileRoots(directories);
        if (agent.OffersFiles) _files = new FileDesk(roots, services.Options);
        if (!agent.OffersTerminals) return;
        _terminals = new TerminalDesk(threadId, agent, directories[0], roots, services.Writer, services.Options, services.Time, services.Logger);
    }

    /// <summary>Takes a request of the agent, if it is about what it is offered; false where it is about something else.</summary>
    public async ValueTask<bool> TryHandleAsync(
        AgentConnection connection, ReadOnlyMemory<byte> id, string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        if (_files is not null && FileDesk.Handles(method)) await _files.HandleAsync(connection, id, method, line, parameters);
        else if (_terminals is not null && TerminalDesk.Handles(method)) await _terminals.HandleAsync(connection, id, method, line, parameters);
        else return false;
        return true;
    }

    /// <summary>Ends what runs for the agent, which is gone or goes.</summary>
    public Task StopAsync() => _terminals?.StopAsync() ?? Task.CompletedTask;
}
