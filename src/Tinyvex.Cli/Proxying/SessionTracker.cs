using System.Text;

namespace Tinyvex.Cli.Proxying;

/// <summary>Makes out of what passes what the server is to be told. Knows of a message what ACP says, and passes over all else.</summary>
internal sealed class SessionTracker(AnswerRace race, Action<RecordEntry> note) : IWitness
{
    /// <summary>Updates of a session that come before its own answer; agents send a list of commands.</summary>
    private const int MaxEarlyUpdates = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Method, ProxiedSession? Session, ProxiedTurn? Turn, JsonSlice Params)> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProxiedSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<JsonSlice>> _early = new(StringComparer.Ordinal);
    // Pages that were to be visited, by their elicitation, whose end names no session.
    private readonly Dictionary<string, ProxiedSession> _pages = new(StringComparer.Ordinal);

    public bool WaitsForAnswer => race.Waits;

    /// <summary>What went wrong in here, which is never the editor's matter.</summary>
    public Exception? Fault { get; private set; }

    public void AgentSaid(CutLine line) => Watch(line, FromAgent);

    public void EditorSaid(CutLine line) => Watch(line, FromEditor);

    public bool TryTakeAnswer(byte[] line)
    {
        if (!race.TryTake(line, out var question)) return false;
        if (question is not null) note(new QuestionAnswered(question));
        return true;
    }

    /// <summary>The agent is gone: what it left open ends.</summary>
    public void AgentEnded(int exitCode)
    {
        var error = new JsonSlice(Encoding.UTF8.GetBytes($"{{\"message\":\"the agent exited with code {exitCode}\"}}"));
        lock (_lock)
        {
            foreach (var session in _sessions.Values) EndTurns(session, default, error);
        }
    }

    private void Watch(CutLine line, Action<RpcLine> look)
    {
        var bytes = line.Bytes;
        if (bytes is not null) bytes = RpcLine.AsText(bytes);
        if (Fault is not null) return;
        lock (_lock)
        {
            try
            {
                if (bytes is null) SkipLine();
                else if (RpcLine.TryRead(bytes, out var message)) look(message);
            }
            catch (Exception bug)
            {
                Fault = bug;
            }
        }
    }

    /// <summary>Whose it is nobody has read, so all that are at work are told.</summary>
    private void SkipLine()
    {
        foreach (var session in _sessions.Values.Where(session => session.Turn is not null)) note(new LineSkipped(session));
    }

    private void FromEditor(RpcLine message)
    {
        if (message.Method is not { } method || message.Id.IsMissing) return;
        switch (method)
        {
            case "session/new" or "session/fork":
                Follow(message, null, null);
                break;
            case "session/load" or "session/resume" when SessionOf(message, message.Params.Member("cwd"u8).Text) is { } session:
                session.IsLoading = method == "session/load";
                Follow(message, session, null);
                break;
            case "session/prompt" when SessionOf(message) is { } session:
                var turn = new ProxiedTurn(session, message.Params.Member("prompt"u8));
                Follow(message, session, turn);
                if (session.Turn is null) Begin(turn);
                else session.Waiting.Enqueue(turn);
                break;
            case "session/close" or "session/delete" or "session/set_mode" or "session/set_config_option" when SessionOf(message) is { } session:
                Follow(message, session, null);
                break;
        }
    }

    private void FromAgent(RpcLine message)
    {
        switch (message.Method)
        {
            case null when _asked.Remove(message.Key, out var asked):
                Answered(asked, message);
                break;
            case "session/update" when message.Params.Member("sessionId"u8).Text is { } id && message.Params.Member("update"u8) is { IsMissing: false } update:
                Updated(id, update);
                break;
            case "session/request_permission" when !message.Id.IsMissing && SessionOf(message) is { } session:
                var (toolCall, options) = (message.Params.Member("toolCall"u8), message.Params.Member("options"u8));
                if (toolCall.IsObject && options.IsArray) Ask(new PermissionQuestion(message.Id, session, session.Turn, toolCall, options));
                break;
            // One that belongs to a request, such as a login, is of no session.
            case "elicitation/create" when !message.Id.IsMissing && SessionOf(message) is { } session:
                if (message.Params.Member("elicitationId"u8).Text is { } page && _pages.Count < PassingLimits.MaxRequests) _pages[page] = session;
                Ask(new ElicitationQuestion(message.Id, session, session.Turn, message.Params));
                break;
            // It is told to the editor, whose answer is owed all the same; for the others it is over.
            case "$/cancel_request" when race.Find(message.Params.Member("requestId"u8).ToString()) is { } withdrawn:
                note(new QuestionWithdrawn(withdrawn));
                break;
            case "elicitation/complete" when message.Params.Member("elicitationId"u8).Text is { } done && _pages.Remove(done, out var session):
                note(new ElicitationCompleted(session, done));
                break;
        }
    }

    private void Ask(Question question)
    {
        race.Ask(question);
        note(new QuestionAsked(question));
    }

    private void Updated(string id, JsonSlice update)
    {
        if (!_sessions.TryGetValue(id, out var session))
        {
            // Its session may be one that the agent is just about to name.
            if (_asked.Values.Any(asked => asked.Session is null))
            {
                if (!_early.TryGetValue(id, out var early)) _early[id] = early = [];
                if (early.Count < MaxEarlyUpdates) early.Add(update);
                return;
            }

            session = Known(id);
            note(new SessionOpened(session, default));
        }

        note(new UpdateSaid(session, update, session.IsLoading));
    }

    private void Answered((string Method, ProxiedSession? Session, ProxiedTurn? Turn, JsonSlice Params) asked, RpcLine message)
    {
        var failed = !message.Error.IsMissing;
        switch (asked.Method)
        {
            case "session/new" or "session/fork" when !failed && message.Result.Member("sessionId"u8).Text is { } id:
                var made = Known(id);
                made.WorkingDirectory = asked.Params.Member("cwd"u8).Text;
                note(new SessionOpened(made, message.Result));
                foreach (var update in _early.Remove(id, out var early) ? early : []) note(new UpdateSaid(made, update, isRetold: false));
                break;
            case "session/load" or "session/resume":
                asked.Session!.IsLoading = false;
                if (!failed) note(new SessionOpened(asked.Session, message.Result));
                break;
            case "session/prompt":
                End(asked.Turn!, message.Result, message.Error);
                break;
            case "session/close" or "session/delete" when !failed:
                EndTurns(asked.Session!, default, default);
                race.Forget(asked.Session!);
                _sessions.Remove(asked.Session!.Id);
                note(new SessionClosed(asked.Session));
                break;
            // Not every agent says so in an update as well, and one that does says the same twice.
            case "session/set_mode" when !failed && asked.Params.Member("modeId"u8) is { IsMissing: false } mode:
                note(new UpdateSaid(asked.Session!, Update("current_mode_update", "currentModeId", mode), isRetold: false));
                break;
            case "session/set_config_option" when !failed && message.Result.Member("configOptions"u8) is { IsArray: true } options:
                note(new UpdateSaid(asked.Session!, Update("config_option_update", "configOptions", options), isRetold: false));
                break;
        }
    }

    private void Begin(ProxiedTurn turn)
    {
        turn.Session.Turn = turn;
        note(new TurnBegun(turn));
    }

    private void End(ProxiedTurn turn, JsonSlice result, JsonSlice error)
    {
        race.Forget(turn);
        var session = turn.Session;
        if (session.Turn != turn)
        {
            // Answered before the one ahead of it, by an agent that takes both as one.
            turn.EarlyEnd = (result, error);
            return;
        }

        note(new TurnEnded(turn, result, error));
        session.Turn = null;
        if (!session.Waiting.TryDequeue(out var next)) return;
        Begin(next);
        if (next.EarlyEnd is var (early, failed)) End(next, early, failed);
    }

    private void EndTurns(ProxiedSession session, JsonSlice result, JsonSlice error)
    {
        session.Waiting.Clear();
        if (session.Turn is { } turn) End(turn, result, error);
    }

    private void Follow(RpcLine message, ProxiedSession? session, ProxiedTurn? turn)
    {
        if (_asked.Count < PassingLimits.MaxRequests) _asked[message.Key] = (message.Method!, session, turn, turn is null ? message.Params : default);
    }

    private ProxiedSession? SessionOf(RpcLine message, string? workingDirectory = null)
    {
        if (message.Params.Member("sessionId"u8).Text is not { } id) return null;
        var isNew = !_sessions.ContainsKey(id);
        var session = Known(id);
        session.WorkingDirectory ??= workingDirectory;
        // One that was loaded is opened by the answer, or by what is told of it before.
        if (isNew && workingDirectory is null) note(new SessionOpened(session, default));
        return session;
    }

    private ProxiedSession Known(string id)
    {
        if (_sessions.TryGetValue(id, out var session)) return session;
        return _sessions[id] = new ProxiedSession(id);
    }

    private static JsonSlice Update(string kind, string field, JsonSlice value) =>
        new(Encoding.UTF8.GetBytes($"{{\"sessionUpdate\":\"{kind}\",\"{field}\":{value}}}"));
}
