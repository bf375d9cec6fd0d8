using System.Text;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>The sessions of a recording: what client and agent say to each other becomes entries of threads.</summary>
/// <param name="firstLine">Tells this recording from another one with a session of the same name.</param>
internal sealed class AcpConversations(ImportSink sink, string firstLine)
{
    private readonly Dictionary<string, AcpRequest> _ofClient = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AcpRequest> _ofAgent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AcpSession> _sessions = new(StringComparer.Ordinal);
    private string? _agent;

    /// <returns>What is wrong with it, where it cannot be used.</returns>
    public async Task<string?> OfClientAsync(long? ts, string method, string? id, JsonElement parameters)
    {
        if (id is null) return null;
        // A second handshake is a second process: nothing asked of the first is answered any more.
        if (method == "initialize")
        {
            foreach (var prompt in _ofClient.Values.Where(request => request.RunId is not null)) await Session(prompt.SessionId!).Thread.AddAsync(Entries.CutOff(ts, prompt.RunId!));
            _ofClient.Clear();
        }

        var request = new AcpRequest(method, parameters.Text("sessionId"), ts, parameters.ValueKind == JsonValueKind.Object ? parameters.Clone() : default);
        if (method == "session/prompt" && request.SessionId is { } sessionId)
        {
            if (!IsPrompt(parameters)) return "is a prompt without content blocks";
            var session = Session(sessionId);
            session.HasEntries = true;
            request = request with { RunId = RunId(parameters) ?? $"{session.Thread.ThreadId}-{++session.Prompts}" };
            await session.Thread.AddAsync(Entries.Begin(ts, request.RunId!, Meta(parameters).Text("agent") ?? _agent, Entries.Copy(parameters.GetProperty("prompt"u8))));
        }

        _ofClient[id] = request;
        return null;
    }

    /// <returns>What is wrong with it, where it cannot be used.</returns>
    public async Task<string?> OfAgentAsync(long? ts, string method, string? id, JsonElement parameters)
    {
        if (parameters.Text("sessionId") is not { } sessionId) return null;
        switch (method)
        {
            case "session/update" when parameters.TryGetProperty("update"u8, out var update):
                var session = Session(sessionId);
                if (session.HasEntries && _ofClient.Values.Any(request => request.Method == "session/load" && request.SessionId == sessionId)) return null;
                // While it is loaded for the first time, all that comes is new.
                session.HasEntries |= !_ofClient.Values.Any(request => request.Method is "session/load");
                await session.Thread.AddAsync(Entries.Update(ts, Entries.Copy(update)));
                return null;
            case AcpExport.FinalizeMethod:
                await Session(sessionId).Thread.AddAsync(Entries.Finalize(ts));
                return null;
            case "session/request_permission" when id is not null:
                if (!parameters.TryGetProperty("toolCall"u8, out var toolCall) || toolCall.ValueKind != JsonValueKind.Object
                    || !parameters.TryGetProperty("options"u8, out var options) || options.ValueKind != JsonValueKind.Array) return "asks for permission without 'toolCall' and 'options'";
                _ofAgent[id] = new AcpRequest(method, sessionId, ts, parameters.Clone());
                // It may be the first that is heard of its tool call.
                if (toolCall.Text("toolCallId") is not null) await Session(sessionId).Thread.AddAsync(ToolCall(ts, toolCall));
                return null;
            case "elicitation/create" when id is not null:
                try
                {
                    Acp.ElicitationRequest.Check(parameters);
                }
                catch (TinyvexException exception)
                {
                    return exception.Message;
                }

                _ofAgent[id] = new AcpRequest(method, sessionId, ts, parameters.Clone());
                return null;
            default:
                return null;
        }
    }

    /// <summary>Where a line does not say who wrote it, an answer to a request for permission has an outcome, and one to an elicitation an action.</summary>
    public bool IsAnswerOfClient(string id, JsonElement message) =>
        _ofAgent.ContainsKey(id) && (!_ofClient.ContainsKey(id) || (message.TryGetProperty("result"u8, out var result) && result.ValueKind == JsonValueKind.Object && (result.TryGetProperty("outcome"u8, out _) || result.TryGetProperty("action"u8, out _))));

    public async Task AnsweredByClientAsync(long? ts, string id, JsonElement message)
    {
        if (!_ofAgent.Remove(id, out var asked)) return;
        await Session(asked.SessionId!).Thread.AddAsync(Asked(asked, Result(message), ts));
    }

    public async Task AnsweredByAgentAsync(long? ts, string id, JsonElement message)
    {
        if (!_ofClient.Remove(id, out var request)) return;
        var result = Result(message);
        switch (request.Method)
        {
            case "initialize":
                _agent = result.ValueKind == JsonValueKind.Object && result.TryGetProperty("agentInfo"u8, out var agent) ? agent.Text("name")?.Split('/')[^1] : null;
                return;
            case "session/new" or "session/load" or "session/resume" when (result.Text("sessionId") ?? request.SessionId) is { } opened && result.ValueKind == JsonValueKind.Object:
                var session = Session(opened, request.Parameters);
                if (request.Method == "session/load") session.HasEntries = true;
                if (Opened(ts, result) is { } entry) await session.Thread.AddAsync(entry);
                return;
            case "session/prompt" when request is { RunId: { } runId, SessionId: { } prompted }:
                await Session(prompted).Thread.AddAsync(TurnEnd(ts, runId, message, result));
                return;
            case "session/set_mode" when request.SessionId is { } switched && result.ValueKind == JsonValueKind.Object && request.Parameters.Text("modeId") is { } mode:
                await Session(switched).Thread.AddAsync(Entries.Update(ts, "current_mode_update", json => json.WriteString("currentModeId"u8, mode)));
                return;
            case "session/set_config_option" when request.SessionId is { } configured && result.ValueKind == JsonValueKind.Object && result.TryGetProperty("configOptions"u8, out var options):
                await Session(configured).Thread.AddAsync(Entries.Update(ts, "config_option_update", json => Entries.Raw(json, "configOptions", options)));
                return;
        }
    }

    /// <summary>Ends all threads. What waits for an answer gets none any more.</summary>
    public async Task EndAsync(long? ts)
    {
        foreach (var (id, session) in _sessions)
        {
            var closing = new List<Entry>();
            foreach (var asked in _ofAgent.Values.Where(asked => asked.SessionId == id)) closing.Add(Asked(asked, default, ts));
            foreach (var prompt in _ofClient.Values.Where(request => request.SessionId == id && request.RunId is not null)) closing.Add(Entries.CutOff(ts, prompt.RunId!));
            closing.Add(Entries.Finalize(ts));
            await sink.EndAsync(session.Thread, closing);
        }
    }

    private AcpSession Session(string id, JsonElement opening = default)
    {
        if (_sessions.TryGetValue(id, out var session)) return session;
        // What an agent says before it has answered is of a session whose directory is known from the request.
        if (opening.ValueKind != JsonValueKind.Object) opening = _ofClient.Values.LastOrDefault(request => request.Method is "session/new" or "session/load" or "session/resume")?.Parameters ?? default;
        var known = Meta(opening);
        var facts = new ThreadFacts
        {
            Title = known.Text("title"),
            Source = known.Text("source") ?? _agent,
            WorkingDirectory = known.ValueKind == JsonValueKind.Object ? known.Text("workingDirectory") : opening.Text("cwd"),
            ProjectId = known.Text("projectId"),
            ResumeId = known.ValueKind == JsonValueKind.Object ? known.Text("resumeId") : id,
            Archived = known.ValueKind == JsonValueKind.Object ? known.Is("archived") : null,
            CreatedAt = known.Number("createdAt"),
        };
        var hash = Convert.ToHexStringLower(Sha1.Hash(Encoding.UTF8.GetBytes(id + "\n" + firstLine)))[..24];
        return _sessions[id] = new AcpSession(sink.Open(known.Text("id") ?? "import-acp-" + hash, facts));
    }

    /// <summary>What our own export says beside the protocol.</summary>
    private static JsonElement Meta(JsonElement of) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty("_meta"u8, out var meta) && meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty("tinyvex"u8, out var ours) && ours.ValueKind == JsonValueKind.Object ? ours : default;

    private static string? RunId(JsonElement parameters) => Meta(parameters).Text("runId");

    private static JsonElement Result(JsonElement message) => message.TryGetProperty("result"u8, out var result) ? result : default;

    private static bool IsPrompt(JsonElement parameters) => parameters.Items("prompt").Any() && parameters.Items("prompt").All(
        block => block.Text("type") is { } type && (type != "text" || (block.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String)));

    private static Entry ToolCall(long? ts, JsonElement toolCall) => Entries.Update(ts, "tool_call_update", json =>
    {
        foreach (var field in toolCall.EnumerateObject())
        {
            if (!field.NameEquals("sessionUpdate"u8)) Entries.Raw(json, field.Name, field.Value);
        }
    });

    /// <param name="result">What the client answered; undefined where it answered nothing, or with an error.</param>
    private Entry Asked(AcpRequest asked, JsonElement result, long? answeredAt)
    {
        var isElicitation = asked.Method == "elicitation/create";
        return new Entry(asked.Ts, isElicitation ? "elicitation" : "permission", Entries.Object(json =>
        {
            if (_ofClient.Values.LastOrDefault(request => request.SessionId == asked.SessionId && request.RunId is not null) is { } turn) json.WriteString("runId"u8, turn.RunId);
            if (isElicitation) ElicitationFields(json, asked, result);
            else PermissionFields(json, asked, result);
            if (answeredAt is { } at) json.WriteNumber("answeredAt"u8, at);
        }));
    }

    private static void PermissionFields(Utf8JsonWriter json, AcpRequest asked, JsonElement result)
    {
        Entries.RawOf(json, "toolCall", asked.Parameters);
        Entries.RawOf(json, "options", asked.Parameters);
        var outcome = result.ValueKind == JsonValueKind.Object && result.TryGetProperty("outcome"u8, out var given) ? given : default;
        if (outcome.Text("outcome") is not null) Entries.Raw(json, "outcome", outcome);
        if (outcome.Text("outcome") == "selected") json.WriteString("answeredBy"u8, "client"u8);
    }

    private static void ElicitationFields(Utf8JsonWriter json, AcpRequest asked, JsonElement result)
    {
        Entries.Raw(json, "request", asked.Parameters);
        if (result.Text("action") is not ("accept" or "decline" or "cancel")) return;
        Entries.Raw(json, "outcome", result);
        if (result.Text("action") != "cancel") json.WriteString("answeredBy"u8, "client"u8);
    }

    private static Entry? Opened(long? ts, JsonElement result)
    {
        var modes = result.TryGetProperty("modes"u8, out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        var hasOptions = result.TryGetProperty("configOptions"u8, out var options) && options.ValueKind == JsonValueKind.Array;
        if (modes.ValueKind != JsonValueKind.Object && !hasOptions) return null;
        return new Entry(ts, "session", Entries.Object(json =>
        {
            if (modes.Text("currentModeId") is { } mode) json.WriteString("currentModeId"u8, mode);
            if (modes.ValueKind == JsonValueKind.Object && modes.TryGetProperty("availableModes"u8, out var available) && available.ValueKind == JsonValueKind.Array) Entries.Raw(json, "availableModes", available);
            if (hasOptions) Entries.Raw(json, "configOptions", options);
        }));
    }

    private static Entry TurnEnd(long? ts, string runId, JsonElement message, JsonElement result)
    {
        if (message.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object)
        {
            var isOurs = error.TryGetProperty("data"u8, out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("tinyvex"u8, out data) && data.ValueKind == JsonValueKind.Object;
            return Entries.End(ts, runId, "failed", null, isOurs ? Entries.Copy(data) : Entries.Error(error.Text("message") ?? "the agent answered with an error", json => json.WriteRawValue(Entries.Copy(error), skipInputValidation: true)));
        }

        var known = Meta(result);
        var stopReason = result.Text("stopReason");
        var status = known.Text("status") ?? (stopReason == "cancelled" ? "cancelled" : "completed");
        var ourError = known.ValueKind == JsonValueKind.Object && known.TryGetProperty("error"u8, out var why) && why.ValueKind == JsonValueKind.Object ? Entries.Copy(why) : null;
        return Entries.End(ts, runId, status, known.ValueKind == JsonValueKind.Object ? known.Text("stopReason") : stopReason, ourError is null ? null : (ReadOnlyMemory<byte>?)ourError);
    }
}
