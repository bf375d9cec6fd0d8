using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>A started agent and its one ACP session: the ACP calls that a thread makes.</summary>
internal sealed class LiveAgent : IAsyncDisposable
{
    private const int ProtocolVersion = 1;

    /// <summary>How long the last words of an agent that is gone may take to be read: they are in a pipe already.</summary>
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(1);

    private readonly AgentProcess _process;
    private readonly AgentConnection _connection;
    private readonly Task _reading;
    private readonly Lazy<Task> _end;

    private LiveAgent(AgentProcess process, string directory, IAgentHandler handler, TinyvexOptions options, ILogger logger)
    {
        _process = process;
        _connection = new AgentConnection(process, handler, options, logger);
        _reading = _connection.RunAsync();
        _end = new Lazy<Task>(EndAsync);
        Directory = directory;
        Gone = Quietly(_reading);
    }

    public string Name => _process.Name;

    /// <summary>Where it works.</summary>
    public string Directory { get; }

    /// <summary>Ends when the agent's output has ended and been handled, however that came; never in a fault.</summary>
    public Task Gone { get; }

    public string SessionId { get; private set; } = "";

    /// <summary>What <c>session/new</c> answered.</summary>
    public ReadOnlyMemory<byte> SessionResult { get; private set; }

    public bool IsGone => Gone.IsCompleted;

    public static LiveAgent Start(AgentDefinition agent, string directory, IAgentHandler handler, TinyvexOptions options, ILogger logger) =>
        new(AgentProcess.Start(agent, directory, options, logger), directory, handler, options, logger);

    /// <summary>Shakes hands and opens a session.</summary>
    /// <exception cref="AgentRpcException">The agent refuses.</exception>
    /// <exception cref="AgentGoneException">It ended.</exception>
    /// <exception cref="TinyvexException">It is silent, or says what makes no sense.</exception>
    public async Task OpenSessionAsync(string version, TinyvexOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var initialized = await Answer("initialize", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("protocolVersion"u8, ProtocolVersion);
            json.WriteStartObject("clientCapabilities"u8);
            json.WriteStartObject("fs"u8);
            json.WriteBoolean("readTextFile"u8, false);
            json.WriteBoolean("writeTextFile"u8, false);
            json.WriteEndObject();
            json.WriteBoolean("terminal"u8, false);
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
            json.WriteString("version"u8, version);
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

        SessionResult = await Answer("session/new", json =>
        {
            json.WriteStartObject();
            json.WriteString("cwd"u8, Directory);
            json.WriteStartArray("mcpServers"u8);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        using var session = JsonDocument.Parse(SessionResult, JsonText.DocumentOptions);
        SessionId = session.RootElement.ValueKind == JsonValueKind.Object && session.RootElement.TryGetProperty("sessionId"u8, out var id)
            && id.ValueKind == JsonValueKind.String
            ? JsonText.Text(id)
            : throw new TinyvexException(ErrorCode.AgentError, $"agent '{Name}' answered session/new without a sessionId");

        async Task<ReadOnlyMemory<byte>> Answer(string method, Action<Utf8JsonWriter> parameters)
        {
            try
            {
                return await _connection.RequestAsync(method, parameters).WaitAsync(options.AgentStartTimeout, time, cancellation);
            }
            catch (TimeoutException)
            {
                var words = _process.LastWords();
                throw new TinyvexException(
                    ErrorCode.AgentError,
                    string.Create(CultureInfo.InvariantCulture, $"agent '{Name}' did not answer {method} within {options.AgentStartTimeout.TotalSeconds:0.##} s") + (words.Length == 0 ? "" : ":\n" + words));
            }
        }
    }

    /// <summary>Sends a prompt; ends with the turn.</summary>
    /// <param name="answered">Called when the answer is read, before what the agent says behind it.</param>
    public Task<ReadOnlyMemory<byte>> PromptAsync(ReadOnlyMemory<byte> blocks, Action answered) => _connection.RequestAsync(
        "session/prompt",
        json =>
        {
            json.WriteStartObject();
            json.WriteString("sessionId"u8, SessionId);
            json.WritePropertyName("prompt"u8);
            json.WriteRawValue(OnOneLine(blocks.Span), skipInputValidation: true);
            json.WriteEndObject();
        },
        answered);

    /// <summary>Asks the agent to end the turn; the answer is the turn's end.</summary>
    public Task TryCancelAsync() => Quietly(_connection.NotifyAsync("session/cancel", json =>
    {
        json.WriteStartObject();
        json.WriteString("sessionId"u8, SessionId);
        json.WriteEndObject();
    }));

    /// <summary>Why the agent is gone, or as good as gone; ends what is left of it.</summary>
    public async Task<TinyvexException> DescribeEndAsync()
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

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is TinyvexException or AgentGoneException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Told to whoever runs a turn; nobody else cares.
        }
    }

    /// <summary>Blocks as a client sent them may stand on many lines, and a message to the agent on one. Strings hold no line ends.</summary>
    private static ReadOnlySpan<byte> OnOneLine(ReadOnlySpan<byte> json)
    {
        if (!json.ContainsAny("\r\n"u8)) return json;
        var copy = json.ToArray();
        copy.AsSpan().ReplaceAny(System.Buffers.SearchValues.Create("\r\n"u8), (byte)' ');
        return copy;
    }
}
