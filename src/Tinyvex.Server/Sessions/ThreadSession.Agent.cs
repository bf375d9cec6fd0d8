using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Acp;
using Tinyvex.Agents;
using Tinyvex.Writing;

namespace Tinyvex.Sessions;

/// <summary>What the agent says unasked. What it asks of a person is in ThreadSession.Asking.cs.</summary>
internal sealed partial class ThreadSession
{
    /// <summary>What comes behind the answer to a prompt waits for the turn's end to be stored, but not for a store that fails.</summary>
    private static readonly TimeSpan TurnEndLimit = TimeSpan.FromSeconds(2);

    // What the store could not take. The run must not go on as if it had.
    private volatile TinyvexException? _lost;

    public async ValueTask OnNotificationAsync(string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        Heard();
        if (method == "elicitation/complete")
        {
            await CompleteElicitationAsync(parameters);
            return;
        }

        if (method != "session/update" || parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetProperty("update"u8, out var element)) return;
        if (_lost is { } lost) throw lost;
        var update = Read(line, element);
        if (_isReplayed && !update.IsState) return;
        if (_turn is { IsAnswered: true } turn) await Task.WhenAny(turn.Over, Task.Delay(TurnEndLimit, services.Time));
        // Waits while the writer's queue is full: the agent's pipe fills, and the agent waits too.
        await services.Writer.EnqueueOrWriteAsync(new IngestUpdates
        {
            ThreadId = ThreadId,
            IsOfAgent = true,
            SessionId = parameters.TryGetProperty("sessionId"u8, out var id) && id.ValueKind == JsonValueKind.String ? JsonText.Text(id) : null,
            Updates = [update],
            Completed = outcome => _lost ??= outcome.Error is { Code: ErrorCode.StoreError or ErrorCode.Internal } error ? error : null,
        });
        if (_turn is null) EndLateMessageSoon();
    }

    public async ValueTask OnRequestAsync(
        AgentConnection connection, ReadOnlyMemory<byte> id, string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        Heard();
        if (method == "session/request_permission")
        {
            await AskPermissionAsync(connection, id, line, parameters);
            return;
        }

        if (method == "elicitation/create")
        {
            await ElicitAsync(connection, id, line, parameters);
            return;
        }

        if (_desk is { } desk && await desk.TryHandleAsync(connection, id, method, line, parameters)) return;
        LogUnknownRequest(method);
        await connection.RespondErrorAsync(id, AgentRpcException.MethodNotFound, $"this client has no method {method}");
    }

    /// <summary>An update as far as it can be read: one that breaks the protocol is kept in the log alone.</summary>
    private SessionUpdate Read(ReadOnlyMemory<byte> line, JsonElement element)
    {
        try
        {
            return SessionUpdate.Parse(line, element);
        }
        catch (TinyvexException broken)
        {
            LogBadUpdate(ThreadId, broken.Message);
            var name = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("sessionUpdate"u8, out var kind)
                && kind.ValueKind == JsonValueKind.String && !JsonText.HasLoneSurrogate(kind) ? kind.GetString()! : "invalid";
            return SessionUpdate.Unknown(line, element, name);
        }
    }

    /// <summary>
    /// Agents may go on talking after the answer to a prompt. That text has no end of a turn to be made final by, so it is made so
    /// once the agent has been quiet for a moment.
    /// </summary>
    private void EndLateMessageSoon()
    {
        lock (_lock)
        {
            if (_stopping.Task.IsCompleted) return;
            _lateTimer ??= services.Time.CreateTimer(_ => EndLateMessage(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _lateTimer.Change(services.Options.LateUpdateQuiet, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The thread may have been deleted meanwhile; its outcome says so, and nobody needs to know.</summary>
    private void EndLateMessage() =>
        _ = services.Writer.EnqueueUnlessStoppingAsync(new FinalizeMessages { ThreadId = ThreadId, OnlyBetweenTurns = true });

    [LoggerMessage(EventId = LogEvents.AgentUnknownRequest, Level = LogLevel.Debug, Message = "The agent asked for {Method}, which is not offered")]
    private partial void LogUnknownRequest(string method);

    [LoggerMessage(EventId = LogEvents.AgentBadUpdate, Level = LogLevel.Warning, Message = "Thread {ThreadId}: the agent sent an update that breaks the protocol: {Why}")]
    private partial void LogBadUpdate(string threadId, string why);
}
