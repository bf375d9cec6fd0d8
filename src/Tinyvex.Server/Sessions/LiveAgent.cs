using System.Globalization;
using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>A started agent: the calls that are about no session, and the opening of sessions, of which it has one, or many where it is shared.</summary>
internal sealed class LiveAgent : IAsyncDisposable
{
    private const int ProtocolVersion = 1;

    /// <summary>How long the last words of an agent that is gone may take to be read: they are in a pipe already.</summary>
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long a person may take to log in: in a browser, with a second factor.</summary>
    private static readonly TimeSpan LoginLimit = TimeSpan.FromMinutes(10);

    /// <summary>How long an agent may take to let go of a session that nobody needs any more.</summary>
    private static readonly TimeSpan ForgetLimit = TimeSpan.FromSeconds(2);

    private readonly SessionServices _services;
    private readonly AgentProcess _process;
    private readonly AgentConnection _connection;
    private readonly SessionRouter _router;
    private readonly Task _reading;
    private readonly Lazy<Task> _initialization;
    private readonly Lazy<Task<TinyvexException>> _why;
    private readonly Lazy<Task> _end;
    // One session is opened after the other, so that what comes before the answer has but one receiver.
    private readonly SemaphoreSlim _opening = new(1, 1);

    private LiveAgent(AgentDefinition definition, AgentProcess process, IAgentHandler? owner, SessionServices services)
    {
        Definition = definition;
        _services = services;
        _process = process;
        _router = new SessionRouter(owner);
        _connection = new AgentConnection(process, _router, services.Options, services.Logger);
        _reading = _connection.RunAsync();
        _initialization = new Lazy<Task>(ShakeHandsAsync);
        _why = new Lazy<Task<TinyvexException>>(FindOutAsync);
        _end = new Lazy<Task>(EndAsync);
        Gone = Quietly(_reading);
    }

    public AgentDefinition Definition { get; }

    public string Name => _process.Name;

    /// <summary>What it said of itself; nothing before <see cref="InitializeAsync"/>.</summary>
    public AgentFacts? Facts { get; private set; }

    /// <summary>Ends when the agent's output has ended and been handled, however that came; never in a fault.</summary>
    public Task Gone { get; }

    public bool IsGone => Gone.IsCompleted;

    /// <summary>Starts the process, and no more.</summary>
    /// <param name="owner">Who hears all that it says; null where each session has a receiver of its own.</param>
    public static LiveAgent Start(AgentDefinition agent, string directory, IAgentHandler? owner, SessionServices services) =>
        new(agent, AgentProcess.Start(agent, directory, services.Options, services.Logger), owner, services);

    /// <summary>Whether it waits for an answer in a session: a silence that is ours.</summary>
    public bool IsAsking(string sessionId) => _connection.IsAsking(sessionId);

    /// <summary>Shakes hands, once; whoever asks again waits for the same.</summary>
    /// <exception cref="AgentRpcException">The agent refuses.</exception>
    /// <exception cref="AgentGoneException">It ended.</exception>
    /// <exception cref="TinyvexException">It is silent, or says what makes no sense.</exception>
    public Task InitializeAsync(CancellationToken cancellation) => _initialization.Value.WaitAsync(cancellation);

    private async Task ShakeHandsAsync()
    {
        var initialized = await AskAsync("initialize", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("protocolVersion"u8, ProtocolVersion);
            json.WriteStartObject("clientCapabilities"u8);
            json.WriteStartObject("fs"u8);
            json.WriteBoolean("readTextFile"u8, Definition.OffersFiles);
            json.WriteBoolean("writeTextFile"u8, Definition.OffersFiles);
            json.WriteEndObject();
            json.WriteBoolean("terminal"u8, Definition.OffersTerminals);
            json.WriteStartObject("session"u8);
            json.WriteStartObject("configOptions"u8);
            json.WriteStartObject("boolean"u8);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("elicitation"u8);
            json.WriteStartObject("form"u8);
            json.WriteEndObject();
            json.WriteStartObject("url"u8);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("clientInfo"u8);
            json.WriteString("name"u8, "tinyvex"u8);
            json.WriteString("title"u8, "Tinyvex"u8);
            json.WriteString("version"u8, _services.Version);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        using (var document = JsonDocument.Parse(initialized, JsonText.DocumentOptions))
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("protocolVersion"u8, out var spoken)
                || spoken.ValueKind != JsonValueKind.Number || !spoken.TryGetInt32(out var number) || number != ProtocolVersion)
            {
                throw new TinyvexException(ErrorCode.AgentError, $"agent '{Name}' does not speak version {ProtocolVersion} of ACP; update it");
            }
        }

        Facts = AgentFacts.Read(initialized);
        _services.Registry.Agents.Learn(Name, Facts);
    }

    /// <summary>Opens a new session.</summary>
    public Task<AgentSession> NewSessionAsync(SessionSettings settings, IAgentHandler receiver, CancellationToken cancellation) =>
        OpenAsync("session/new", null, settings, receiver, mayTalkOn: false, cancellation);

    /// <summary>Takes a session up where it was left; what was said in it is not said again.</summary>
    public Task<AgentSession> ResumeSessionAsync(string id, SessionSettings settings, IAgentHandler receiver, CancellationToken cancellation) =>
        OpenAsync("session/resume", id, settings, receiver, mayTalkOn: false, cancellation);

    /// <summary>Takes a session up and has all that was said in it said again: before the answer, as ACP has it, or behind it.</summary>
    public Task<AgentSession> LoadSessionAsync(string id, SessionSettings settings, IAgentHandler receiver, CancellationToken cancellation) =>
        OpenAsync("session/load", id, settings, receiver, mayTalkOn: true, cancellation);

    private async Task<AgentSession> OpenAsync(
        string method, string? id, SessionSettings settings, IAgentHandler receiver, bool mayTalkOn, CancellationToken cancellation)
    {
        _process.Secrets.Add(Acp.McpServerList.Secrets(settings.McpServers));
        await _opening.WaitAsync(cancellation);
        try
        {
            if (id is null) _router.Expect(receiver);
            else _router.Add(id, receiver);
            var result = await AskAsync(
                method,
                json => WriteSettings(json, id, settings),
                answer =>
                {
                    if (id is null && answer is { } given && SessionIdOf(given) is { } made) _router.Add(made, receiver);
                },
                mayTalkOn,
                limit: null,
                cancellation);
            var opened = id ?? SessionIdOf(result) ?? throw new TinyvexException(ErrorCode.AgentError, $"agent '{Name}' answered {method} without a sessionId");
            return new AgentSession(this, opened, settings, result);
        }
        catch
        {
            if (id is not null) _router.Remove(id);
            throw;
        }
        finally
        {
            _router.Expect(null);
            _opening.Release();
        }
    }

    private void WriteSettings(Utf8JsonWriter json, string? id, SessionSettings settings)
    {
        var facts = Facts!;
        json.WriteStartObject();
        if (id is not null) json.WriteString("sessionId"u8, id);
        json.WriteString("cwd"u8, settings.Directory);
        json.WritePropertyName("mcpServers"u8);
        var servers = Acp.McpServerList.Usable(settings.McpServers, facts.TakesMcpOverHttp, facts.TakesMcpOverSse, out var leftOut);
        json.WriteRawValue(servers.Span, skipInputValidation: true);
        if (leftOut.Count > 0) SessionLog.McpServersLeftOut(_services.Logger, Name, string.Join(", ", leftOut));
        if (settings.AdditionalDirectories is { } directories && facts.TakesAdditionalDirectories)
        {
            json.WritePropertyName("additionalDirectories"u8);
            json.WriteRawValue(JsonText.OnOneLine(directories.Span), skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    /// <summary>A page of the sessions that the agent knows.</summary>
    public Task<ReadOnlyMemory<byte>> ListSessionsAsync(string? directory, string? cursor) => AskAsync("session/list", json =>
    {
        json.WriteStartObject();
        if (directory is not null) json.WriteString("cwd"u8, directory);
        if (cursor is not null) json.WriteString("cursor"u8, cursor);
        json.WriteEndObject();
    });

    /// <summary>Logs in. A person may have to do something for it, so it may take minutes.</summary>
    public Task AuthenticateAsync(string methodId, CancellationToken cancellation) => AskAsync(
        "authenticate",
        json =>
        {
            json.WriteStartObject();
            json.WriteString("methodId"u8, methodId);
            json.WriteEndObject();
        },
        limit: LoginLimit,
        cancellation: cancellation);

    /// <summary>Has the agent let go of a session, or forget it for good, where it can. Never fails.</summary>
    public async Task TryLeaveAsync(AgentSession session, bool forGood)
    {
        _router.Remove(session.Id);
        if (IsGone || Facts is not { } facts || !(facts.Closes || (forGood && facts.Deletes))) return;
        await Quietly(AskAsync(
            forGood && facts.Deletes ? "session/delete" : "session/close",
            json =>
            {
                json.WriteStartObject();
                json.WriteString("sessionId"u8, session.Id);
                json.WriteEndObject();
            },
            limit: ForgetLimit));
    }

    /// <summary>Sends a request without a limit of time, as a turn has none.</summary>
    public async Task<ReadOnlyMemory<byte>> RequestAsync(
        string method, Action<Utf8JsonWriter> parameters, Action<ReadOnlyMemory<byte>?>? answered = null, CancellationToken cancellation = default)
    {
        try
        {
            return await _connection.RequestAsync(method, parameters, answered, cancellation);
        }
        catch (AgentRpcException refused)
        {
            throw refused.Of(_process.Secrets, Facts);
        }
    }

    /// <summary>Sends a request that an agent answers soon; one that does not is given up.</summary>
    /// <param name="mayTalkOn">Whether the answer may take its time while the agent says something.</param>
    /// <param name="limit">How long it may be silent; the limit of a start where none is given.</param>
    public async Task<ReadOnlyMemory<byte>> AskAsync(
        string method, Action<Utf8JsonWriter> parameters, Action<ReadOnlyMemory<byte>?>? answered = null, bool mayTalkOn = false, TimeSpan? limit = null,
        CancellationToken cancellation = default)
    {
        var patience = limit ?? _services.Options.AgentStartTimeout;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answer = RequestAsync(method, parameters, answered, giveUp.Token);
        while (true)
        {
            var lines = _connection.Lines;
            try
            {
                return await answer.WaitAsync(patience, _services.Time, CancellationToken.None);
            }
            catch (TimeoutException) when (mayTalkOn && _connection.Lines != lines)
            {
                // A long session is being told.
            }
            catch (TimeoutException)
            {
                await giveUp.CancelAsync();
                var words = _process.LastWords();
                throw new TinyvexException(
                    ErrorCode.AgentError,
                    string.Create(CultureInfo.InvariantCulture, $"agent '{Name}' did not answer {method} within {patience.TotalSeconds:0.##} s") + (words.Length == 0 ? "" : ":\n" + words));
            }
        }
    }

    public Task TryNotifyAsync(string method, Action<Utf8JsonWriter> parameters) => Quietly(_connection.NotifyAsync(method, parameters));

    /// <summary>Why the agent is gone, or as good as gone; ends what is left of it.</summary>
    public Task<TinyvexException> DescribeEndAsync() => _why.Value;

    private async Task<TinyvexException> FindOutAsync()
    {
        var how = await _process.DescribeEndAsync();
        await Task.WhenAny(Gone, Task.Delay(LastWordsLimit));
        // A line that is too long is our reason to end it, and the better answer than its exit code.
        return _reading.Exception?.InnerException as TinyvexException ?? new TinyvexException(ErrorCode.AgentError, how);
    }

    /// <summary>Ends the agent and all that it started; what it said until then is handled before this ends.</summary>
    public async ValueTask DisposeAsync() => await _end.Value;

    private async Task EndAsync()
    {
        await _process.StopAsync();
        await Task.WhenAny(Gone, Task.Delay(LastWordsLimit));
        _process.Dispose();
        await Gone;
    }

    private static string? SessionIdOf(ReadOnlyMemory<byte> result)
    {
        using var document = JsonDocument.Parse(result, JsonText.DocumentOptions);
        return document.RootElement.Text("sessionId");
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is TinyvexException or AgentGoneException or AgentRpcException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Told to whoever runs a turn; nobody else cares.
        }
    }
}
