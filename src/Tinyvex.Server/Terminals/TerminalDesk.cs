using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Agents;
using Tinyvex.TextFiles;
using Tinyvex.Writing;

namespace Tinyvex.Terminals;

/// <summary>
/// The terminals of one agent, by ACP's <c>terminal/*</c>. Called by the agent's reading loop, which waits for nothing but the start of a process. They
/// end with the agent at the latest.
/// </summary>
/// <remarks>https://agentclientprotocol.com/protocol/v1/terminals</remarks>
internal sealed partial class TerminalDesk(
    string threadId, AgentDefinition agent, string directory, FileRoots roots, Writer writer, TinyvexOptions options, TimeProvider time,
    ILogger logger)
{
    private const string Prefix = "terminal/";

    /// <summary>Requests that wait for the end of one terminal; a second one would be odd already.</summary>
    private const int MaxWaiting = 100;

    private readonly Lock _lock = new();
    // Those that the agent has not released, in the order in which they began.
    private readonly List<Terminal> _terminals = [];
    private bool _closed;

    public static bool Handles(string method) => method.StartsWith(Prefix, StringComparison.Ordinal);

    public Task HandleAsync(AgentConnection connection, ReadOnlyMemory<byte> id, string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        try
        {
            if (parameters.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest($"{method} needs 'params', an object");
            switch (method[Prefix.Length..])
            {
                case "create":
                    return CreateAsync(connection, id, TerminalRequest.Read(line, parameters));
                case "output":
                    return AnswerOutputAsync(connection, id, Find(parameters));
                case "wait_for_exit":
                    _ = AnswerExitAsync(connection, id, Find(parameters));
                    return Task.CompletedTask;
                case "kill":
                    Find(parameters).Kill();
                    return AnswerEmptyAsync(connection, id);
                case "release":
                    Release(Find(parameters));
                    return AnswerEmptyAsync(connection, id);
                default:
                    return connection.RespondErrorAsync(id, AgentRpcException.MethodNotFound, $"this client has no method {method}");
            }
        }
        catch (TinyvexException refused)
        {
            return RefuseAsync(connection, id, refused);
        }
    }

    /// <summary>Ends all of them: the agent is gone, or goes.</summary>
    public Task StopAsync()
    {
        List<Terminal> all;
        lock (_lock)
        {
            _closed = true;
            all = [.. _terminals];
            _terminals.Clear();
        }

        foreach (var terminal in all) terminal.Kill();
        return Task.WhenAll(all.Select(terminal => terminal.Ended));
    }

    private Task CreateAsync(AgentConnection connection, ReadOnlyMemory<byte> id, TerminalRequest request)
    {
        MakeRoom();
        var (at, process) = Start(request);
        LogStarted(logger, threadId, process.Id);
        var terminal = new Terminal(process, request, threadId, writer, options, time, logger);
        lock (_lock)
        {
            if (_closed) return terminal.DropAsync();
            _terminals.Add(terminal);
        }

        _ = OpenAsync(connection, id, request, at, terminal);
        return Task.CompletedTask;
    }

    /// <summary>Stores the terminal, and tells the agent of it then.</summary>
    private async Task OpenAsync(AgentConnection connection, ReadOnlyMemory<byte> id, TerminalRequest request, string at, Terminal terminal)
    {
        try
        {
            var opened = await writer.WriteAsync(done => new OpenTerminal
            {
                ThreadId = threadId,
                Command = request.Command,
                Args = request.ArgumentsJson,
                Cwd = at,
                Completed = done,
            });
            if (opened.Error is { } error) throw error;
            terminal.Begin(((OpenedTerminal)opened).TerminalId);
        }
        catch (TinyvexException refused)
        {
            lock (_lock) _terminals.Remove(terminal);
            await RefuseAsync(connection, id, refused);
            await terminal.DropAsync();
            return;
        }

        await connection.RespondAsync(id, json =>
        {
            json.WriteStartObject();
            json.WriteString("terminalId"u8, terminal.Id);
            json.WriteEndObject();
        });
    }

    private (string Directory, TerminalProcess Process) Start(TerminalRequest request)
    {
        try
        {
            var at = roots.Resolve(request.Directory ?? directory);
            if (!Directory.Exists(at)) throw TinyvexException.BadRequest($"the directory '{at}' does not exist");
            return (at, TerminalProcess.Start(options, agent, request, at));
        }
        catch (FileRefusedException refused)
        {
            throw TinyvexException.BadRequest(refused.Message);
        }
    }

    /// <summary>An agent that never releases its terminals loses the oldest of those that have ended.</summary>
    private void MakeRoom()
    {
        lock (_lock)
        {
            if (_terminals.Count < options.MaxTerminals) return;
            if (_terminals.Find(terminal => terminal.HasEnded) is not { } ended)
            {
                throw new TinyvexException(ErrorCode.Overloaded, $"{options.MaxTerminals} terminals run already; kill or release one");
            }

            _terminals.Remove(ended);
        }
    }

    private void Release(Terminal terminal)
    {
        lock (_lock) _terminals.Remove(terminal);
        terminal.Kill();
    }

    private Terminal Find(JsonElement parameters)
    {
        var id = parameters.TryGetProperty("terminalId"u8, out var given) && given.ValueKind == JsonValueKind.String
            ? JsonText.Text(given)
            : throw TinyvexException.BadRequest("'terminalId', a string, is needed");
        lock (_lock)
        {
            return _terminals.Find(terminal => terminal.Id == id && id.Length > 0) ?? throw TinyvexException.NotFound($"terminal '{(id.Length > 100 ? id[..100] : id)}'");
        }
    }

    private static Task AnswerOutputAsync(AgentConnection connection, ReadOnlyMemory<byte> id, Terminal terminal) => connection.RespondAsync(id, json =>
    {
        // Asked before the output is read: an end that is told has all of it.
        var exit = terminal.HasEnded ? terminal.Ended.Result : null;
        var (text, isTruncated) = terminal.Output();
        json.WriteStartObject();
        json.WriteString("output"u8, text);
        json.WriteBoolean("truncated"u8, isTruncated);
        if (exit is not null)
        {
            json.WriteStartObject("exitStatus"u8);
            exit.WriteFields(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static async Task AnswerExitAsync(AgentConnection connection, ReadOnlyMemory<byte> id, Terminal terminal)
    {
        if (Interlocked.Increment(ref terminal.Waiting) > MaxWaiting)
        {
            await connection.RespondErrorAsync(id, AgentRpcException.InvalidParams, $"{MaxWaiting} requests wait for the end of this terminal already");
        }
        else
        {
            try
            {
                var exit = await terminal.Ended.WaitAsync(connection.Cancelled(id));
                await connection.RespondAsync(id, json =>
                {
                    json.WriteStartObject();
                    exit.WriteFields(json);
                    json.WriteEndObject();
                });
            }
            catch (OperationCanceledException)
            {
                await connection.RespondErrorAsync(id, AgentRpcException.RequestCancelled, "the request was cancelled");
            }
        }

        Interlocked.Decrement(ref terminal.Waiting);
    }

    private static Task AnswerEmptyAsync(AgentConnection connection, ReadOnlyMemory<byte> id) => connection.RespondAsync(id, json =>
    {
        json.WriteStartObject();
        json.WriteEndObject();
    });

    private static Task RefuseAsync(AgentConnection connection, ReadOnlyMemory<byte> id, TinyvexException refused) => connection.RespondErrorAsync(
        id,
        refused.Code switch
        {
            ErrorCode.NotFound => AgentRpcException.ResourceNotFound,
            ErrorCode.BadRequest => AgentRpcException.InvalidParams,
            _ => AgentRpcException.InternalError,
        },
        refused.Message);

    [LoggerMessage(EventId = LogEvents.TerminalStarted, Level = LogLevel.Debug, Message = "Thread {ThreadId}: a terminal started, guard {Pid}")]
    private static partial void LogStarted(ILogger logger, string threadId, int pid);
}
