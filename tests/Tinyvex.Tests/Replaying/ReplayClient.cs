using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Tinyvex.Replaying;

namespace Tinyvex.Tests.Replaying;

/// <summary>A small ACP client that drives the replay agent over pipes and keeps every line it gets.</summary>
internal sealed class ReplayClient : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Stream _toAgent;
    private readonly StreamReader _fromAgent;
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _waiting = [];
    private TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastId = 1000;

    public ReplayClient(Stream toAgent, Stream fromAgent, Task<int> exit)
    {
        _toAgent = toAgent;
        _fromAgent = new StreamReader(fromAgent, new UTF8Encoding(false));
        Exit = exit;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The agent's exit code, once it has ended.</summary>
    public Task<int> Exit { get; }

    /// <summary>What the client answers to a request of the agent, as the rest of a message; null for no answer.</summary>
    public Func<JsonElement, string?> Reply { get; set; } = Allow;

    public static ReplayClient Start(string? file, string speed = "max")
    {
        if (!ReplaySpeed.TryParse(speed, out var parsed))
            throw new ArgumentException("There is no such speed.", nameof(speed));
        Pipe input = new(), output = new();
        var exit = Task.Run(async () =>
        {
            var code = await ReplayAgent.RunAsync(
                new ReplayOptions { File = file, Speed = parsed },
                input.Reader.AsStream(), output.Writer.AsStream(), TimeProvider.System, CancellationToken.None);
            await output.Writer.CompleteAsync();
            return code;
        });
        return new ReplayClient(input.Writer.AsStream(), output.Reader.AsStream(), exit);
    }

    /// <summary>Permits what is asked for; has no files and no terminals.</summary>
    public static string? Allow(JsonElement request) => Permit(request, "allow");

    public static string? Reject(JsonElement request) => Permit(request, "reject");

    public string[] Lines()
    {
        lock (_lock)
        {
            return [.. _lines];
        }
    }

    public string[] Updates() => [.. Lines().Where(line => line.Contains("\"session/update\"", StringComparison.Ordinal))];

    public async Task<JsonElement> CallAsync(string method, string parameters, string? id = null) =>
        await BeginAsync(method, parameters, id).WaitAsync(Limit);

    /// <summary>Sends a request; the task ends with the whole answer.</summary>
    public Task<JsonElement> BeginAsync(string method, string parameters, string? id = null)
    {
        id ??= Interlocked.Increment(ref _lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var waiting = _waiting[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        Send($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        return waiting.Task;
    }

    public void Notify(string method, string parameters) =>
        Send($$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters}}}""");

    public void Send(string line)
    {
        lock (_toAgent)
        {
            _toAgent.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _toAgent.Flush();
        }
    }

    public async Task<string> OpenSessionAsync()
    {
        var answer = await CallAsync("session/new", """{"cwd":"/home/dev/project","mcpServers":[]}""");
        return answer.GetProperty("result").GetProperty("sessionId").GetString()!;
    }

    public Task<JsonElement> PromptAsync(string session) =>
        BeginAsync("session/prompt", $$"""{"sessionId":"{{session}}","prompt":[{"type":"text","text":"go"}]}""").WaitAsync(Limit);

    public void Cancel(string session) => Notify("session/cancel", $$"""{"sessionId":"{{session}}"}""");

    /// <summary>Waits until the lines that have come satisfy a condition.</summary>
    public async Task UntilAsync(Func<string[], bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var next = Volatile.Read(ref _received).Task;
            if (condition(Lines()))
                return;
            await next.WaitAsync(limit.Token);
        }
    }

    /// <summary>Closes the agent's input and returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _toAgent.DisposeAsync();
        var code = await Exit.WaitAsync(Limit);
        await _reading.WaitAsync(Limit);
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _fromAgent.Dispose();
    }

    private static string? Permit(JsonElement request, string kind)
    {
        if (request.GetProperty("method").GetString() != "session/request_permission")
            return """ "error":{"code":-32601,"message":"Method not found"}""";
        var option = request.GetProperty("params").GetProperty("options").EnumerateArray()
            .First(option => option.GetProperty("kind").GetString()!.StartsWith(kind, StringComparison.Ordinal));
        return $$$""" "result":{"outcome":{"outcome":"selected","optionId":{{{option.GetProperty("optionId").GetRawText()}}}}}""";
    }

    private async Task ReadAsync()
    {
        while (await _fromAgent.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _lines.Add(line);
            }

            Interlocked.Exchange(ref _received, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            if (Parse(line) is { } message)
                Receive(message);
        }
    }

    private void Receive(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id))
            return;
        if (!message.TryGetProperty("method", out _))
            _waiting.GetValueOrDefault(id.GetRawText())?.TrySetResult(message);
        else if (Reply(message) is { } reply)
            Send($$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},{{reply}}}""");
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
