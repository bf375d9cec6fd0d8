using System.Text;
using System.Text.Json;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Transfers;

/// <summary>
/// A thread as a recording of ACP, a message a line: each update as the agent sent it, each prompt with its answer, each request for permission with its
/// own. It can be imported, and played by <c>tinyvex replay</c>.
/// </summary>
internal sealed class AcpExport
{
    /// <summary>An extension of ours, which others ignore: a message ended though the next chunk looks like more of it.</summary>
    public const string FinalizeMethod = "_tinyvex/finalize";

    /// <summary>Milliseconds: longer pauses are shortened in <c>t</c>, by which a recording is played; <c>ts</c> has the true time.</summary>
    private const long LongestPause = 10_000;

    private readonly StoredThread _thread;
    private readonly TextWriter _output;
    private readonly Dictionary<string, JsonElement> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _permissions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _elicitations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _waiting = [];
    private readonly List<JsonElement> _prompt = [];
    private readonly string _session;
    private JsonElement _state;
    private string? _lastMode, _lastOptions;
    private string? _starting;
    private string? _lastChunk;
    private bool _isFinal;
    private int _lastId;
    private long? _ts;
    private long _t;

    private AcpExport(StoredThread thread, TextWriter output)
    {
        (_thread, _output) = (thread, output);
        _session = thread.Row.Text("resumeId") ?? thread.Id;
    }

    public static Task WriteAsync(StoredThread thread, TextWriter output) => new AcpExport(thread, output).WriteAsync();

    private async Task WriteAsync()
    {
        await foreach (var run in _thread.RunsAsync()) _runs[run.Text("runId")!] = run;
        foreach (var asked in await _thread.PermissionsAsync()) _permissions[asked.Text("requestId")!] = asked;
        foreach (var asked in await _thread.ElicitationsAsync()) _elicitations[asked.Text("requestId")!] = asked;
        await WriteOpeningAsync();
        await foreach (var happened in _thread.EventsAsync()) Write(happened);
        if (_starting is not null) Begin();
        // One that is under way has no answer yet.
        EndRuns(before: long.MaxValue);
        WriteLast("current_mode_update", "currentModeId", _lastMode);
        WriteLast("config_option_update", "configOptions", _lastOptions);
    }

    /// <summary>A session that was taken up again may have begun in another mode than the last update told.</summary>
    private void WriteLast(string kind, string field, string? told)
    {
        if (told is null || _state.ValueKind != JsonValueKind.Object || !_state.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null || value.GetRawText() == told) return;
        Line(fromClient: false, json => Notification(json, "session/update", () =>
        {
            json.WriteStartObject("update"u8);
            json.WriteString("sessionUpdate"u8, kind);
            Entries.Raw(json, field, value);
            json.WriteEndObject();
        }));
    }

    private async Task WriteOpeningAsync()
    {
        var row = _thread.Row;
        Time(row.Number("createdAt") ?? 0);
        Line(fromClient: true, json => Request(json, 0, "initialize", () =>
        {
            json.WriteNumber("protocolVersion"u8, 1);
            json.WriteStartObject("clientCapabilities"u8);
            json.WriteEndObject();
            json.WriteStartObject("clientInfo"u8);
            json.WriteString("name"u8, "tinyvex"u8);
            json.WriteString("version"u8, TinyvexVersion.Text);
            json.WriteEndObject();
        }));
        Line(fromClient: false, json => Answer(json, 0, () =>
        {
            json.WriteNumber("protocolVersion"u8, 1);
            json.WriteStartObject("agentCapabilities"u8);
            json.WriteEndObject();
            if (row.Text("source") is not { } source) return;
            json.WriteStartObject("agentInfo"u8);
            json.WriteString("name"u8, source);
            json.WriteString("version"u8, ""u8);
            json.WriteEndObject();
        }));
        Line(fromClient: true, json => Request(json, 1, "session/new", () =>
        {
            json.WriteString("cwd"u8, row.Text("workingDirectory") ?? "/");
            json.WriteStartArray("mcpServers"u8);
            json.WriteEndArray();
            Meta(json, () =>
            {
                foreach (var name in (string[])["id", "title", "source", "projectId", "resumeId", "workingDirectory", "archived", "createdAt"]) Entries.RawOf(json, name, row);
            });
        }));
        var state = _state = await _thread.OneAsync("state.get") ?? default;
        Line(fromClient: false, json => Answer(json, 1, () =>
        {
            json.WriteString("sessionId"u8, _session);
            if (state.Items("availableModes").Any())
            {
                json.WriteStartObject("modes"u8);
                Entries.RawOf(json, "currentModeId", state);
                Entries.RawOf(json, "availableModes", state);
                json.WriteEndObject();
            }

            if (state.Items("configOptions").Any()) Entries.RawOf(json, "configOptions", state);
        }));
        _lastId = 1;
    }

    private void Write(JsonElement happened)
    {
        var kind = happened.Text("kind")!;
        if (_starting is not null && kind is not ("user_message_chunk" or "tvx.thread")) Begin();
        if (kind == "tvx.finalize")
        {
            // Of an imported message it has the time of the import, which says nothing here.
            _isFinal = true;
            return;
        }

        var ts = happened.Number("ts") ?? 0;
        EndRuns(before: ts);
        Time(ts);
        switch (kind)
        {
            case "tvx.run" when happened.Text("subject") is { } runId && _runs.TryGetValue(runId, out var run):
                Run(runId, run);
                return;
            case "tvx.permission" when happened.Text("subject") is { } requestId && _permissions.Remove(requestId, out var asked):
                Permission(asked);
                _lastChunk = null;
                return;
            case "tvx.elicitation" when happened.Text("subject") is { } requestId && _elicitations.Remove(requestId, out var asked):
                Elicitation(asked);
                _lastChunk = null;
                return;
            case var _ when kind.StartsWith("tvx.", StringComparison.Ordinal):
                return;
        }

        // The prompt is there chunk by chunk, each of the moment in which the turn began.
        if (kind == "user_message_chunk") _starting ??= _waiting.Find(runId => _runs[runId].Number("startedAt") == ts);
        var update = happened.GetProperty("update"u8);
        if (_starting is not null && update.ValueKind == JsonValueKind.Object && update.TryGetProperty("content"u8, out var block))
        {
            _prompt.Add(block);
            return;
        }

        if (kind == "current_mode_update" && update.TryGetProperty("currentModeId"u8, out var mode)) _lastMode = mode.GetRawText();
        if (kind == "config_option_update" && update.TryGetProperty("configOptions"u8, out var options)) _lastOptions = options.GetRawText();
        Boundary(kind);
        Line(fromClient: false, json => Notification(json, "session/update", () => Entries.Raw(json, "update", update)));
    }

    /// <summary>Two messages of one kind that nothing divides would be read as one.</summary>
    private void Boundary(string kind)
    {
        var isChunk = kind is "user_message_chunk" or "agent_message_chunk" or "agent_thought_chunk";
        if (isChunk && _isFinal && _lastChunk == kind) Line(fromClient: false, json => Notification(json, FinalizeMethod, () => { }));
        if (!isChunk) return;
        (_lastChunk, _isFinal) = (kind, false);
    }

    private void Run(string runId, JsonElement run)
    {
        if (_open.ContainsKey(runId) && run.Number("finishedAt") <= _ts) End(runId, run);
        else if (_seen.Add(runId)) _waiting.Add(runId);
    }

    /// <summary>Of one that was imported as a row, the log does not tell the end.</summary>
    private void EndRuns(long before)
    {
        if (_open.Count == 0) return;
        foreach (var runId in _open.Keys.Where(runId => _runs[runId].Number("finishedAt") < before).ToList()) End(runId, _runs[runId]);
    }

    private void Begin()
    {
        var (runId, run) = (_starting!, _runs[_starting!]);
        _waiting.Remove(runId);
        (_starting, _lastChunk, _isFinal) = (null, null, false);
        var id = _open[runId] = ++_lastId;
        Line(fromClient: true, json => Request(json, id, "session/prompt", () =>
        {
            json.WriteString("sessionId"u8, _session);
            if (run.Is("truncated") && _prompt.Count > 0)
            {
                json.WriteStartArray("prompt"u8);
                foreach (var block in _prompt) json.WriteRawValue(Entries.Copy(block), skipInputValidation: true);
                json.WriteEndArray();
            }
            else
            {
                Entries.RawOf(json, "prompt", run);
            }

            Meta(json, () =>
            {
                json.WriteString("runId"u8, runId);
                Entries.RawOf(json, "agent", run);
            });
        }));
        _prompt.Clear();
    }

    private void End(string runId, JsonElement run)
    {
        _open.Remove(runId, out var request);
        _lastChunk = null;
        var status = run.Text("status");
        if (status == "failed")
        {
            run.TryGetProperty("error"u8, out var error);
            Line(fromClient: false, json =>
            {
                json.WriteString("jsonrpc"u8, "2.0"u8);
                json.WriteNumber("id"u8, request);
                json.WriteStartObject("error"u8);
                json.WriteNumber("code"u8, -32603);
                json.WriteString("message"u8, error.Text("message") ?? "the turn failed");
                json.WriteStartObject("data"u8);
                if (error.ValueKind == JsonValueKind.Object) Entries.Raw(json, "tinyvex", error);
                json.WriteEndObject();
                json.WriteEndObject();
            });
            return;
        }

        Line(fromClient: false, json => Answer(json, request, () =>
        {
            json.WriteString("stopReason"u8, run.Text("stopReason") ?? (status == "cancelled" ? "cancelled" : "end_turn"));
            Meta(json, () =>
            {
                json.WriteString("status"u8, status);
                Entries.RawOf(json, "stopReason", run);
                Entries.RawOf(json, "error", run);
            });
        }));
    }

    private void Permission(JsonElement asked)
    {
        var id = ++_lastId;
        Line(fromClient: false, json => Request(json, id, "session/request_permission", () =>
        {
            json.WriteString("sessionId"u8, _session);
            Entries.RawOf(json, "toolCall", asked);
            Entries.RawOf(json, "options", asked);
        }));
        if (asked.Text("status") == "pending") return;
        Line(fromClient: true, json => Answer(json, id, () => Entries.RawOf(json, "outcome", asked)), asked.Number("answeredAt"));
    }

    private void Elicitation(JsonElement asked)
    {
        var id = ++_lastId;
        Line(fromClient: false, json => Request(json, id, "elicitation/create", () =>
        {
            var request = asked.GetProperty("request"u8);
            if (!request.TryGetProperty("sessionId"u8, out _)) json.WriteString("sessionId"u8, _session);
            foreach (var field in request.EnumerateObject())
            {
                // The thread may have another session by now.
                if (field.NameEquals("sessionId"u8)) json.WriteString("sessionId"u8, _session);
                else Entries.Raw(json, field.Name, field.Value);
            }
        }));
        if (!asked.TryGetProperty("outcome"u8, out var outcome) || outcome.ValueKind != JsonValueKind.Object) return;
        Line(
            fromClient: true,
            json => Answer(json, id, () =>
            {
                foreach (var field in outcome.EnumerateObject()) Entries.Raw(json, field.Name, field.Value);
            }),
            asked.Number("answeredAt"));
    }

    private void Time(long ts)
    {
        if (_ts is { } before) _t += Math.Clamp(ts - before, 0, LongestPause);
        _ts = ts;
    }

    private void Line(bool fromClient, Action<Utf8JsonWriter> message, long? ts = null)
    {
        var line = Entries.Object(json =>
        {
            json.WriteString("dir"u8, fromClient ? "c2a"u8 : "a2c"u8);
            json.WriteNumber("t"u8, _t);
            json.WriteNumber("ts"u8, ts ?? _ts ?? 0);
            json.WriteStartObject("msg"u8);
            message(json);
            json.WriteEndObject();
        });
        _output.Write(JsonLines.Safe(Encoding.UTF8.GetString(line.Span)) + "\n");
    }

    private static void Request(Utf8JsonWriter json, int id, string method, Action parameters)
    {
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WriteNumber("id"u8, id);
        json.WriteString("method"u8, method);
        json.WriteStartObject("params"u8);
        parameters();
        json.WriteEndObject();
    }

    private void Notification(Utf8JsonWriter json, string method, Action parameters)
    {
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WriteString("method"u8, method);
        json.WriteStartObject("params"u8);
        json.WriteString("sessionId"u8, _session);
        parameters();
        json.WriteEndObject();
    }

    private static void Answer(Utf8JsonWriter json, int id, Action result)
    {
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WriteNumber("id"u8, id);
        json.WriteStartObject("result"u8);
        result();
        json.WriteEndObject();
    }

    private static void Meta(Utf8JsonWriter json, Action fields)
    {
        json.WriteStartObject("_meta"u8);
        json.WriteStartObject("tinyvex"u8);
        fields();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
