using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Acp;
using Tinyvex.Replaying;

namespace Tinyvex.CodexExec;

/// <summary>Reads what the client sends, and answers it; each prompt is a turn of its own.</summary>
internal sealed class CodexConnection(CodexExecOptions options, MessageWriter writer, ILogger logger)
{
    private const int ProtocolVersion = 1;
    private const int MaxLineLength = 64 << 20;

    private readonly CodexSessions _saved = new(options.SessionsFolder);
    private readonly ConcurrentDictionary<string, CodexSession> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CodexTurn> _turns = new(StringComparer.Ordinal);

    /// <summary>Serves until the client has closed its end. Blocks.</summary>
    public void Serve(Stream input)
    {
        var reader = new LineReader(input, MaxLineLength);
        while (reader.Read() is { } line)
        {
            if (!line.IsTooLong && line.Bytes.Length > 0) Receive(line.Bytes);
        }
    }

    /// <summary>Ends the turns under way, and their processes.</summary>
    public Task StopAsync() => Task.WhenAll(_turns.Values.Select(turn => turn.StopAsync()));

    private void Receive(ReadOnlyMemory<byte> line)
    {
        JsonDocument message;
        try
        {
            message = JsonDocument.Parse(line, JsonText.DocumentOptions);
        }
        catch (JsonException)
        {
            writer.WriteError([], Replies.ParseError, "This is no JSON.");
            return;
        }

        using (message)
        {
            var root = message.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("method"u8, out var method) || method.ValueKind != JsonValueKind.String) return;
            root.TryGetProperty("params"u8, out var parameters);
            var id = root.TryGetProperty("id"u8, out var given) ? line.Slice(given).ToArray() : null;
            try
            {
                Handle(method.GetString()!, parameters, id);
            }
            catch (CodexExecException refused)
            {
                if (id is not null) writer.WriteError(id, refused.Code, refused.Message);
            }
        }
    }

    private void Handle(string method, JsonElement parameters, byte[]? id)
    {
        if (method == "session/cancel" && parameters.Text("sessionId") is { } cancelled && _turns.TryGetValue(cancelled, out var turn)) turn.Cancel();
        if (id is null) return;
        switch (method)
        {
            case "initialize":
                Answer(id, WriteCapabilities);
                break;
            case "session/new":
                var made = new CodexSession { Id = CodexSessions.NewId(), Directory = ReadDirectory(parameters) };
                _saved.Save(made);
                _open[made.Id] = made;
                Answer(id, json => WriteSession(json, made, named: true));
                break;
            case "session/resume":
                var resumed = Find(parameters) with { Directory = ReadDirectory(parameters) };
                _open[resumed.Id] = resumed;
                Answer(id, json => WriteSession(json, resumed, named: false));
                break;
            case "session/set_mode":
                SetMode(parameters, id);
                break;
            case "session/close" or "session/delete":
                Close(parameters.Text("sessionId") ?? "", method == "session/delete");
                Answer(id, Nothing);
                break;
            case "session/prompt":
                Prompt(parameters, id);
                break;
            default:
                throw new CodexExecException(CodexExecException.MethodNotFound, $"codex exec has no {method}");
        }
    }

    private void SetMode(JsonElement parameters, byte[] id)
    {
        var session = Find(parameters);
        var mode = parameters.Text("modeId");
        if (!SandboxModes.All.Any(known => known.Id == mode))
        {
            throw new CodexExecException(
                CodexExecException.InvalidParams, $"there is no mode '{mode}'; there are: {string.Join(", ", SandboxModes.All.Select(known => known.Id))}");
        }

        Keep(session with { Mode = mode! });
        Answer(id, Nothing);
        new UpdateWriter(writer, session.Id).Send("current_mode_update", json => json.WriteString("currentModeId"u8, mode));
    }

    private void Close(string sessionId, bool delete)
    {
        if (_turns.TryGetValue(sessionId, out var turn)) turn.Cancel();
        _open.TryRemove(sessionId, out _);
        if (delete) _saved.Delete(sessionId);
    }

    private void Prompt(JsonElement parameters, byte[] id)
    {
        var session = Find(parameters);
        var prompt = CodexPrompt.Read(parameters);
        var turn = new CodexTurn(session, options, new UpdateWriter(writer, session.Id), KeepThread, logger);
        if (!_turns.TryAdd(session.Id, turn))
        {
            prompt.Dispose();
            throw new CodexExecException(CodexExecException.InvalidRequest, "the session is in a turn already");
        }

        turn.Start(prompt, result => Ended(session.Id, id, result));
    }

    private void Ended(string sessionId, byte[] id, TurnResult result)
    {
        _turns.TryRemove(sessionId, out _);
        if (result.Failure is { } failure)
        {
            Send(json =>
            {
                WriteId(json, id);
                json.WriteStartObject("error"u8);
                json.WriteNumber("code"u8, failure.Code);
                json.WriteString("message"u8, failure.Message);
                if (failure.ExitCode is { } code)
                {
                    json.WriteStartObject("data"u8);
                    json.WriteNumber("exitCode"u8, code);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            });
            return;
        }

        Answer(id, json =>
        {
            json.WriteString("stopReason"u8, result.StopReason);
            result.Usage?.WriteForPrompt(json);
        });
    }

    /// <summary>Codex has said which thread the session is; null where it does not know it any more.</summary>
    private void KeepThread(string sessionId, string? thread)
    {
        if (_open.TryGetValue(sessionId, out var session) && session.Thread != thread) Keep(session with { Thread = thread });
    }

    private void Keep(CodexSession session)
    {
        _saved.Save(session);
        _open[session.Id] = session;
    }

    private CodexSession Find(JsonElement parameters)
    {
        var id = parameters.Text("sessionId") ?? throw new CodexExecException(CodexExecException.InvalidParams, "sessionId is missing");
        return _open.GetValueOrDefault(id) ?? _saved.Find(id) ?? throw new CodexExecException(CodexExecException.NotFound, $"there is no session {id}");
    }

    private static string ReadDirectory(JsonElement parameters)
    {
        var directory = parameters.Text("cwd");
        return Path.IsPathFullyQualified(directory ?? "")
            ? directory!
            : throw new CodexExecException(CodexExecException.InvalidParams, "cwd is an absolute path");
    }

    private static void WriteCapabilities(Utf8JsonWriter json)
    {
        json.WriteNumber("protocolVersion"u8, ProtocolVersion);
        json.WriteStartObject("agentCapabilities"u8);
        json.WriteBoolean("loadSession"u8, false);
        json.WriteStartObject("promptCapabilities"u8);
        json.WriteBoolean("image"u8, true);
        json.WriteBoolean("embeddedContext"u8, true);
        json.WriteEndObject();
        json.WriteStartObject("sessionCapabilities"u8);
        foreach (var name in (string[])["resume", "close", "delete"])
        {
            json.WriteStartObject(name);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("agentInfo"u8);
        json.WriteString("name"u8, "codex-exec"u8);
        json.WriteString("title"u8, "Codex (codex exec)"u8);
        json.WriteEndObject();
        json.WriteStartArray("authMethods"u8);
        json.WriteEndArray();
    }

    private static void WriteSession(Utf8JsonWriter json, CodexSession session, bool named)
    {
        if (named) json.WriteString("sessionId"u8, session.Id);
        json.WriteStartObject("modes"u8);
        json.WriteString("currentModeId"u8, session.Mode);
        json.WriteStartArray("availableModes"u8);
        foreach (var (id, name, description) in SandboxModes.All)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("name"u8, name);
            json.WriteString("description"u8, description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Nothing(Utf8JsonWriter json)
    {
    }

    private void Answer(byte[] id, Action<Utf8JsonWriter> writeResult) => Send(json =>
    {
        WriteId(json, id);
        json.WriteStartObject("result"u8);
        writeResult(json);
        json.WriteEndObject();
    });

    private static void WriteId(Utf8JsonWriter json, byte[] id)
    {
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id);
    }

    private void Send(Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            write(json);
            json.WriteEndObject();
        }

        writer.WriteLine(line.WrittenSpan);
    }
}
