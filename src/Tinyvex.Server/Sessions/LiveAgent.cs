using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Agents;

namespace Tinyvex.Sessions;

/// <summary>A started agent and its one ACP session: the ACP calls that a thread makes.</summary>
internal sealed class LiveAgent : IAsyncDisposable
{
    private const int ProtocolVersion = 1;

    /// <summary>ACP "authentication required".</summary>
    private const int AuthRequired = -32000;

    private readonly AgentProcess _process;
    private readonly AgentConnection _connection;

    private LiveAgent(AgentProcess process, IAgentHandler handler, TinyvexOptions options, ILogger logger)
    {
        _process = process;
        _connection = new AgentConnection(process, handler, options, logger);
        Reading = _connection.RunAsync();
    }

    public string Name => _process.Name;

    public AgentConnection Connection => _connection;

    /// <summary>Ends when the agent's output ends, in a fault where that was our doing.</summary>
    public Task Reading { get; }

    public string SessionId { get; private set; } = "";

    /// <summary>What <c>session/new</c> answered.</summary>
    public ReadOnlyMemory<byte> SessionResult { get; private set; }

    public bool IsGone => Reading.IsCompleted;

    public static LiveAgent Start(AgentDefinition agent, string directory, IAgentHandler handler, TinyvexOptions options, ILogger logger) =>
        new(AgentProcess.Start(agent, directory, options, logger), handler, options, logger);

    /// <summary>Shakes hands and opens a session.</summary>
    public async Task OpenSessionAsync(string directory, string version, TinyvexOptions options, TimeProvider time)
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

        try
        {
            SessionResult = await Answer("session/new", json =>
            {
                json.WriteStartObject();
                json.WriteString("cwd"u8, directory);
                json.WriteStartArray("mcpServers"u8);
                json.WriteEndArray();
                json.WriteEndObject();
            });
        }
        catch (AgentRpcException error) when (error.Code == AuthRequired)
        {
            throw new TinyvexException(
                ErrorCode.AgentUnavailable, $"agent '{Name}' wants you to log in first: {error.Message}. Log in with its own command, then try again.",
                inner: error);
        }

        using var session = JsonDocument.Parse(SessionResult, JsonText.DocumentOptions);
        SessionId = session.RootElement.ValueKind == JsonValueKind.Object && session.RootElement.TryGetProperty("sessionId"u8, out var id)
            && id.ValueKind == JsonValueKind.String
            ? id.GetString()!
            : throw new TinyvexException(ErrorCode.AgentError, $"agent '{Name}' answered session/new without a sessionId");

        async Task<ReadOnlyMemory<byte>> Answer(string method, Action<Utf8JsonWriter> parameters)
        {
            try
            {
                return await _connection.RequestAsync(method, parameters).WaitAsync(options.AgentStartTimeout, time);
            }
            catch (TimeoutException)
            {
                var words = _process.LastWords();
                throw new TinyvexException(
                    ErrorCode.AgentError,
                    $"agent '{Name}' did not answer {method} within {options.AgentStartTimeout.TotalSeconds:0} s" + (words.Length == 0 ? "" : ":\n" + words));
            }
        }
    }

    /// <summary>Sends a prompt; ends with the turn.</summary>
    public Task<ReadOnlyMemory<byte>> PromptAsync(ReadOnlyMemory<byte> blocks) => _connection.RequestAsync("session/prompt", json =>
    {
        json.WriteStartObject();
        json.WriteString("sessionId"u8, SessionId);
        json.WritePropertyName("prompt"u8);
        json.WriteRawValue(blocks.Span, skipInputValidation: true);
        json.WriteEndObject();
    });

    /// <summary>Asks the agent to end the turn; the answer is the turn's end.</summary>
    public Task CancelAsync() => _connection.NotifyAsync("session/cancel", json =>
    {
        json.WriteStartObject();
        json.WriteString("sessionId"u8, SessionId);
        json.WriteEndObject();
    });

    /// <summary>Why the agent is gone, once it is.</summary>
    public async Task<TinyvexException> DescribeEndAsync()
    {
        // A line that is too long is our reason to end it, and the better answer than its exit code.
        if (Reading.Exception?.InnerException is TinyvexException ours) return ours;
        await StopAsync(TimeSpan.FromSeconds(2));
        return new TinyvexException(ErrorCode.AgentError, await _process.DescribeExitAsync());
    }

    public Task StopAsync(TimeSpan patience) => _process.StopAsync(patience);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        try
        {
            await Reading;
        }
        catch (Exception exception) when (exception is TinyvexException or IOException or ObjectDisposedException)
        {
            // Told to whoever ran a turn; nobody else cares how the reading ended.
        }

        _connection.Dispose();
    }
}
