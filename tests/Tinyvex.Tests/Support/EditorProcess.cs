using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>An editor as far as an agent knows: it starts <c>tinyvex acp</c>, and speaks ACP with it over its stdin and stdout.</summary>
internal sealed class EditorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<JsonElement> _messages = [];
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;
    private readonly Task _readingErrors;
    private int _lastId;

    private EditorProcess(Process process)
    {
        _process = process;
        _reading = Task.Run(ReadAsync);
        _readingErrors = Task.Run(ReadErrorsAsync);
    }

    public Process Process => _process;

    /// <summary>How long it waits for a message.</summary>
    public TimeSpan Patience { get; set; } = Deadline.Long;

    public Stream Input => _process.StandardInput.BaseStream;

    public string Errors
    {
        get
        {
            lock (_lock) return _errors.ToString();
        }
    }

    /// <summary>What the agent said so far, as it came.</summary>
    public string[] Lines
    {
        get
        {
            lock (_lock) return [.. _lines];
        }
    }

    /// <summary>Starts it for an agent of the test's own; see <see cref="AgentScript"/>.</summary>
    public static EditorProcess Start(string database, string agentCommand, string name = "agent", IReadOnlyDictionary<string, string?>? environment = null) =>
        new(Spawn(["acp", "--db", database, "--agent", $"{name}={agentCommand}"], environment));

    public static Process Spawn(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(TestBinary.Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("TINYVEX_TOKEN");
        foreach (var (variable, value) in environment ?? new Dictionary<string, string?>()) start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    /// <summary>Shakes hands and opens a session; answers its id.</summary>
    public async Task<string> OpenAsync(string workingDirectory)
    {
        await RequestAsync("initialize", """{"protocolVersion":1,"clientCapabilities":{}}""");
        var session = await RequestAsync("session/new", $$"""{"cwd":{{Wire.Quote(workingDirectory)}},"mcpServers":[]}""");
        return session.GetProperty("result").Text("sessionId");
    }

    public Task<JsonElement> PromptAsync(string sessionId, string text) =>
        RequestAsync("session/prompt", $$"""{"sessionId":"{{sessionId}}","prompt":[{"type":"text","text":{{Wire.Quote(text)}}}]}""");

    /// <summary>Sends a request and waits for its answer.</summary>
    public async Task<JsonElement> RequestAsync(string method, string parameters)
    {
        var id = Interlocked.Increment(ref _lastId);
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        return await MessageAsync(message => message.TryGetProperty("id", out var answered) && answered.ToString() == id.ToString(CultureInfo.InvariantCulture) && !message.Has("method"));
    }

    public async Task SendAsync(string line)
    {
        await Input.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await Input.FlushAsync();
    }

    public Task AnswerAsync(JsonElement request, string result) =>
        SendAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    /// <summary>Waits for a message that fits.</summary>
    public async Task<JsonElement> MessageAsync(Func<JsonElement, bool> fits)
    {
        var found = default(JsonElement);
        var seen = 0;
        try
        {
            await Deadline.UntilAsync(
                () =>
                {
                    lock (_lock)
                    {
                        while (seen < _messages.Count)
                        {
                            found = _messages[seen++];
                            if (fits(found)) return true;
                        }

                        return false;
                    }
                },
                "a message of the agent",
                Patience);
            return found;
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; it said:\n{string.Join('\n', Lines.TakeLast(20))}\n{Errors}", late);
        }
    }

    public Task<JsonElement> MessageAsync(string method) => MessageAsync(message => message.TryGetProperty("method", out var name) && name.GetString() == method);

    /// <summary>Says its last word, and answers the exit code.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(Deadline.Token());
        await _reading.WaitAsync(Deadline.Long);
        await _readingErrors.WaitAsync(Deadline.Long);
        return _process.ExitCode;
    }

    /// <summary>Is gone as if it was killed: all that it held of the proxy is closed.</summary>
    public void Vanish()
    {
        _process.StandardInput.Close();
        _process.StandardOutput.BaseStream.Close();
        _process.StandardError.BaseStream.Close();
    }

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(_process.StandardOutput.BaseStream, new UTF8Encoding(false));
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_lock)
                {
                    _lines.Add(line);
                    if (line.StartsWith('{')) _messages.Add(JsonDocument.Parse(line).RootElement);
                }
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or IOException or OperationCanceledException)
        {
            // It has vanished.
        }
    }

    private async Task ReadErrorsAsync()
    {
        try
        {
            while (await _process.StandardError.ReadLineAsync() is { } line)
            {
                lock (_lock) _errors.AppendLine(line);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or IOException or OperationCanceledException)
        {
            // It has vanished.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(Deadline.Token());
        _process.Dispose();
    }
}
