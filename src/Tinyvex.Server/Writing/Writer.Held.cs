using Tinyvex.Rows;

namespace Tinyvex.Writing;

/// <summary>Threads of sessions that editors drive.</summary>
internal sealed partial class Writer
{
    /// <summary>A session has one thread: whoever opened it, the server for a client or an editor by itself.</summary>
    private WriteOutcome Hold(HoldThread command)
    {
        var known = ThreadOfSession(command.Agent, command.SessionId);
        if (command.ThreadId is { } threadId && known?.Row.Id != threadId) throw TinyvexException.NotFound($"thread '{threadId}' of this session");
        var state = known ?? Add(NewId(), command.Agent, command.WorkingDirectory);
        state.Row.WorkingDirectory ??= command.WorkingDirectory;
        Set(new SetSession
        {
            ThreadId = state.Row.Id,
            SessionId = command.SessionId,
            Agent = command.Agent,
            CurrentModeId = command.CurrentModeId,
            AvailableModes = command.AvailableModes,
            ConfigOptions = command.ConfigOptions,
        });
        return new WriteOutcome { ThreadId = state.Row.Id, Agent = command.Agent, IsNew = known is null };
    }

    private ThreadState? ThreadOfSession(string agent, string sessionId) =>
        _store.Get(ThreadRow.OfSession).Bind(1, sessionId).Bind(2, agent).One(static row => row.Text(0)) is { } id ? Find(id) : null;
}
