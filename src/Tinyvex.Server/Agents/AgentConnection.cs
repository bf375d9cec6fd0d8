using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;

namespace Tinyvex.Agents;

/// <summary>
/// JSON-RPC 2.0 with an agent over its stdio, one message a line. One loop reads; notifications and the agent's requests go to a
/// handler in the order they came, answers to whoever asked. Ids of the two sides are spaces of their own.
/// </summary>
/// <remarks>https://agentclientprotocol.com/protocol/v1/transports</remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle has nothing to free, and answers may wait for it after the end.")]
internal sealed partial class AgentConnection(AgentProcess process, IAgentHandler handler, TinyvexOptions options, ILogger logger)
{
    /// <summary>Answers on their way to an agent that asks and does not listen; beyond it the server does not listen either.</summary>
    private const int MaxUnsentAnswers = 1_000;

    /// <summary>Bytes of them: an answer may hold a whole file. One alone may exceed it.</summary>
    private const long MaxUnsentBytes = 16 * 1024 * 1024;

    private const string CancelRequest = "$/cancel_request";

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<long, (TaskCompletionSource<ReadOnlyMemory<byte>> Answer, Action<ReadOnlyMemory<byte>?>? Answered)> _waiting = new();
    // By the id as the agent wrote it.
    private readonly ConcurrentDictionary<string, AgentRequest> _asked = new(StringComparer.Ordinal);
    private long _lastId;
    private long _lines;
    private int _unsentAnswers;
    private long _unsentBytes;
    private volatile bool _ended;

    /// <summary>Lines read so far: who waits for an answer can tell an agent that talks meanwhile from a silent one.</summary>
    public long Lines => Volatile.Read(ref _lines);

    /// <summary>Whether the agent waits for an answer of ours, in a session or beside any.</summary>
    public bool IsAsking(string sessionId) => _asked.Values.Any(asked => asked.SessionId is null || asked.SessionId == sessionId);

    /// <summary>Ends when the agent wants no answer any more to a request of its own.</summary>
    public CancellationToken Cancelled(ReadOnlyMemory<byte> id) => _asked.TryGetValue(Key(id), out var asked) ? asked.Cancelled : CancellationToken.None;

    /// <summary>Whether the agent says nothing any more and is not waiting for an answer.</summary>
    public bool HasEnded => _ended;

    /// <summary>Reads until the agent's output ends.</summary>
    /// <exception cref="TinyvexException"><c>agent_error</c>: a line is longer than the limit.</exception>
    public async Task RunAsync()
    {
        // Not on the caller's thread, who has the agent in hand only after this has returned.
        await Task.Yield();
        var reader = PipeReader.Create(process.Output, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        try
        {
            // Bytes of the buffer that are known to hold no end of a line: a long one is not searched again with every piece of it.
            long searched = 0;
            while (true)
            {
                var read = await reader.ReadAsync();
                var buffer = read.Buffer;
                while (buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
                {
                    var line = buffer.Slice(0, end);
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                    searched = 0;
                    CheckLength(line.Length);
                    await HandleLineAsync(line.ToArray());
                }

                CheckLength(buffer.Length);
                searched = buffer.Length;
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (!read.IsCompleted) continue;
                await HandleLineAsync(buffer.ToArray());
                return;
            }
        }
        finally
        {
            _ended = true;
            foreach (var (answer, _) in _waiting.Values) answer.TrySetException(new AgentGoneException());
            await reader.CompleteAsync();
        }
    }

    /// <summary>Sends a request and waits for its result.</summary>
    /// <param name="answered">
    /// Called by the reading loop when the answer is read, and so before whatever the agent says behind it; with null for an error.
    /// </param>
    /// <param name="cancellation">Gives the request up, and tells the agent so.</param>
    /// <exception cref="AgentRpcException">The agent answered with an error.</exception>
    /// <exception cref="AgentGoneException">It will not answer any more.</exception>
    public async Task<ReadOnlyMemory<byte>> RequestAsync(
        string method, Action<Utf8JsonWriter> writeParams, Action<ReadOnlyMemory<byte>?>? answered = null, CancellationToken cancellation = default)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = (answer, answered);
        try
        {
            if (_ended) throw new AgentGoneException();
            var sending = SendAsync(json =>
            {
                json.WriteNumber("id"u8, id);
                json.WriteString("method"u8, method);
                json.WritePropertyName("params"u8);
                writeParams(json);
            });
            // An agent that reads no more may still end, or even answer.
            if (await Task.WhenAny(sending, answer.Task).WaitAsync(cancellation) == sending) await sending;
            return await answer.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _ = GiveUpAsync(id);
            throw;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Tells the agent that a request of ours needs no answer any more; one that comes is dropped.</summary>
    private async Task GiveUpAsync(long id)
    {
        try
        {
            await NotifyAsync(CancelRequest, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("requestId"u8, id);
                json.WriteEndObject();
            });
        }
        catch (AgentGoneException)
        {
            // It has given up itself.
        }
    }

    /// <exception cref="AgentGoneException">It takes no more messages.</exception>
    public Task NotifyAsync(string method, Action<Utf8JsonWriter> writeParams) => SendAsync(json =>
    {
        json.WriteString("method"u8, method);
        json.WritePropertyName("params"u8);
        writeParams(json);
    });

    /// <summary>Answers a request of the agent, its id as it was sent. Waits only for an agent that leaves very many answers unread.</summary>
    public Task RespondAsync(ReadOnlyMemory<byte> id, Action<Utf8JsonWriter> writeResult) => AnswerAsync(id, json =>
    {
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id.Span, skipInputValidation: true);
        json.WritePropertyName("result"u8);
        writeResult(json);
    });

    /// <summary>As <see cref="RespondAsync"/>, with an error.</summary>
    public Task RespondErrorAsync(ReadOnlyMemory<byte> id, int code, string message) => AnswerAsync(id, json =>
    {
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id.Span, skipInputValidation: true);
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, code);
        json.WriteString("message"u8, message);
        json.WriteEndObject();
    });

    private Task AnswerAsync(ReadOnlyMemory<byte> id, Action<Utf8JsonWriter> write)
    {
        _asked.TryRemove(Key(id), out _);
        var message = Encode(write);
        var unsent = Interlocked.Increment(ref _unsentAnswers);
        var bytes = Interlocked.Add(ref _unsentBytes, message.Length);
        var sending = SendAnswerAsync();
        return unsent > MaxUnsentAnswers || bytes > MaxUnsentBytes ? sending : Task.CompletedTask;

        async Task SendAnswerAsync()
        {
            try
            {
                await SendAsync(message);
            }
            catch (AgentGoneException)
            {
                // An answer to an agent that is gone meanwhile is nobody's loss.
            }

            Interlocked.Add(ref _unsentBytes, -message.Length);
            Interlocked.Decrement(ref _unsentAnswers);
        }
    }

    private Task SendAsync(Action<Utf8JsonWriter> write) => SendAsync(Encode(write));

    private static ReadOnlyMemory<byte> Encode(Action<Utf8JsonWriter> write)
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
        return buffer.WrittenMemory;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message)
    {
        await _writing.WaitAsync();
        try
        {
            await process.Input.WriteAsync(message);
            await process.Input.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            throw new AgentGoneException(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task HandleLineAsync(ReadOnlyMemory<byte> line)
    {
        if (line.Span.Trim(" \t\r"u8).IsEmpty) return;
        Interlocked.Increment(ref _lines);
        // What is no UTF-8 cannot travel on as text, and is worth more mended than dropped.
        if (!Utf8.IsValid(line.Span)) line = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line.Span));
        try
        {
            using var document = JsonDocument.Parse(line, JsonText.DocumentOptions);
            if (await TryHandleAsync(line, document.RootElement)) return;
        }
        catch (JsonException)
        {
            // Agents print banners and warnings on stdout, though they must not.
        }

        LogBadLine(process.Name, line.Length);
    }

    private async Task<bool> TryHandleAsync(ReadOnlyMemory<byte> line, JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) return false;
        var hasId = message.TryGetProperty("id"u8, out var id);
        if (message.TryGetProperty("method"u8, out var method) && method.ValueKind == JsonValueKind.String)
        {
            message.TryGetProperty("params"u8, out var parameters);
            if (hasId) await TakeRequestAsync(line.Slice(id), JsonText.Text(method), line, parameters);
            else if (method.ValueEquals(CancelRequest)) TakeCancel(line, parameters);
            else await handler.OnNotificationAsync(JsonText.Text(method), line, parameters);
            return true;
        }

        if (hasId) Complete(line, message, id);
        return hasId;
    }

    private ValueTask TakeRequestAsync(ReadOnlyMemory<byte> id, string method, ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        var session = parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("sessionId"u8, out var named)
            && named.ValueKind == JsonValueKind.String ? JsonText.Text(named) : null;
        // Before the handler, who may answer at once.
        _asked[Key(id)] = new AgentRequest(session);
        return handler.OnRequestAsync(this, id, method, line, parameters);
    }

    private void TakeCancel(ReadOnlyMemory<byte> line, JsonElement parameters)
    {
        if (parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("requestId"u8, out var id)
            && _asked.TryGetValue(Key(line.Slice(id)), out var asked)) asked.Cancel();
    }

    private static string Key(ReadOnlyMemory<byte> id) => Encoding.UTF8.GetString(id.Span);

    private void Complete(ReadOnlyMemory<byte> line, JsonElement message, JsonElement id)
    {
        if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number) || !_waiting.TryRemove(number, out var waiting)) return;
        if (message.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object)
        {
            waiting.Answered?.Invoke(null);
            waiting.Answer.TrySetException(AgentRpcException.Read(line, error));
        }
        else
        {
            var given = message.TryGetProperty("result"u8, out var result) ? line.Slice(result) : "null"u8.ToArray();
            waiting.Answered?.Invoke(given);
            waiting.Answer.TrySetResult(given);
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

    [LoggerMessage(EventId = LogEvents.AgentBadLine, Level = LogLevel.Warning, Message = "Agent {Agent} wrote a line of {Length} bytes that is not JSON-RPC; it is skipped")]
    private partial void LogBadLine(string agent, int length);
}
