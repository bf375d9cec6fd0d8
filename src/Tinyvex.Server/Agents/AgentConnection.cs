using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Rows;

namespace Tinyvex.Agents;

/// <summary>
/// JSON-RPC 2.0 with an agent over its stdio, one message a line. One loop reads; notifications and the agent's requests go to a
/// handler in the order they came, answers to whoever asked. Ids of the two sides are spaces of their own.
/// </summary>
/// <remarks>https://agentclientprotocol.com/protocol/v1/transports</remarks>
internal sealed partial class AgentConnection(AgentProcess process, IAgentHandler handler, TinyvexOptions options, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<ReadOnlyMemory<byte>>> _waiting = new();
    private long _lastId;
    private volatile bool _ended;

    /// <summary>Reads until the agent's output ends.</summary>
    /// <exception cref="TinyvexException"><c>agent_error</c>: a line is longer than the limit.</exception>
    public async Task RunAsync()
    {
        var reader = PipeReader.Create(process.Output, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = buffer.Slice(0, end);
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                    CheckLength(line.Length);
                    if (!line.IsEmpty) await HandleLineAsync(line.ToArray());
                }

                CheckLength(buffer.Length);
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (!read.IsCompleted) continue;
                if (!buffer.IsEmpty) await HandleLineAsync(buffer.ToArray());
                return;
            }
        }
        finally
        {
            _ended = true;
            foreach (var waiting in _waiting.Values) waiting.TrySetException(Gone());
            await reader.CompleteAsync();
        }
    }

    /// <summary>Sends a request and waits for its result.</summary>
    /// <exception cref="AgentRpcException">The agent answered with an error.</exception>
    /// <exception cref="TinyvexException"><c>agent_error</c>: the agent is gone.</exception>
    public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, Action<Utf8JsonWriter> writeParams)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            if (_ended) throw Gone();
            await SendAsync(json =>
            {
                json.WriteNumber("id"u8, id);
                json.WriteString("method"u8, method);
                json.WritePropertyName("params"u8);
                writeParams(json);
            });
            return await answer.Task;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public Task NotifyAsync(string method, Action<Utf8JsonWriter> writeParams) => SendAsync(json =>
    {
        json.WriteString("method"u8, method);
        json.WritePropertyName("params"u8);
        writeParams(json);
    });

    /// <summary>Answers a request of the agent, its id as it was sent.</summary>
    public Task RespondAsync(ReadOnlyMemory<byte> id, Action<Utf8JsonWriter> writeResult) => SendAsync(json =>
    {
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id.Span, skipInputValidation: true);
        json.WritePropertyName("result"u8);
        writeResult(json);
    });

    public Task RespondErrorAsync(ReadOnlyMemory<byte> id, int code, string message) => SendAsync(json =>
    {
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id.Span, skipInputValidation: true);
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, code);
        json.WriteString("message"u8, message);
        json.WriteEndObject();
    });

    private async Task SendAsync(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            write(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        await _writing.WaitAsync();
        try
        {
            await process.Input.WriteAsync(buffer.WrittenMemory);
            await process.Input.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw Gone(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task HandleLineAsync(ReadOnlyMemory<byte> line)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line, JsonText.DocumentOptions);
        }
        catch (JsonException)
        {
            // Agents print banners and warnings on stdout, though they must not.
            LogBadLine(process.Name, line.Length);
            return;
        }

        using (document)
        {
            var message = document.RootElement;
            if (message.ValueKind != JsonValueKind.Object)
            {
                LogBadLine(process.Name, line.Length);
                return;
            }

            var hasId = message.TryGetProperty("id"u8, out var id);
            if (message.TryGetProperty("method"u8, out var method) && method.ValueKind == JsonValueKind.String)
            {
                message.TryGetProperty("params"u8, out var parameters);
                if (hasId) await handler.OnRequestAsync(line.Slice(id).ToArray(), method.GetString()!, line, parameters);
                else await handler.OnNotificationAsync(method.GetString()!, line, parameters);
            }
            else if (hasId)
            {
                Complete(line, message, id);
            }
            else
            {
                LogBadLine(process.Name, line.Length);
            }
        }
    }

    private void Complete(ReadOnlyMemory<byte> line, JsonElement message, JsonElement id)
    {
        if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number) || !_waiting.TryRemove(number, out var waiting)) return;
        if (message.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object)
        {
            waiting.TrySetException(AgentRpcException.Read(line, error));
        }
        else
        {
            waiting.TrySetResult(message.TryGetProperty("result"u8, out var result) ? line.Slice(result) : "null"u8.ToArray());
        }
    }

    private void CheckLength(long length)
    {
        if (length > options.MaxAgentLineBytes)
        {
            throw new TinyvexException(
                ErrorCode.AgentError, $"agent '{process.Name}' sent a line longer than {options.MaxAgentLineBytes} bytes");
        }
    }

    private TinyvexException Gone(Exception? inner = null) => new(ErrorCode.AgentError, $"agent '{process.Name}' is gone", inner: inner);

    public void Dispose() => _writing.Dispose();

    [LoggerMessage(EventId = LogEvents.AgentBadLine, Level = LogLevel.Warning, Message = "Agent {Agent} wrote a line of {Length} bytes that is not JSON-RPC; it is skipped")]
    private partial void LogBadLine(string agent, int length);
}
