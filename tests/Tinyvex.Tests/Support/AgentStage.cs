using System.Diagnostics;
using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>A server with one agent of the test's own, and a client that runs prompts.</summary>
internal sealed class AgentStage : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _environment;
    private readonly string[] _arguments;

    private AgentStage(TempFolder folder, string database, string[] arguments, Dictionary<string, string?> environment)
    {
        Folder = folder;
        Database = database;
        _arguments = arguments;
        _environment = environment;
    }

    public TempFolder Folder { get; }

    public string Database { get; }

    /// <summary>What the server is started with, and so its agents.</summary>
    public IReadOnlyDictionary<string, string?> Environment => _environment;

    public ServerProcess Server { get; private set; } = null!;

    public TestClient Client { get; private set; } = null!;

    /// <summary>Starts a server whose agent is a script; see <see cref="AgentScript"/>.</summary>
    public static async Task<AgentStage> ScriptAsync(string script, string[]? arguments = null, Dictionary<string, string?>? environment = null)
    {
        var folder = new TempFolder();
        return await StartAsync(folder, AgentScript.Write(folder, script), arguments, environment);
    }

    public static Task<AgentStage> CommandAsync(string command, params string[] arguments) => StartAsync(new TempFolder(), command, arguments);

    /// <summary>Starts a server with an agent; all it starts carries FOLDER, by which it can be found. The database is in the folder where none is named.</summary>
    public static async Task<AgentStage> StartAsync(
        TempFolder folder, string command, string[]? arguments = null, Dictionary<string, string?>? environment = null, string? database = null)
    {
        var all = new Dictionary<string, string?>(environment ?? []) { ["FOLDER"] = folder.Path };
        var stage = new AgentStage(folder, database ?? folder["t.db"], ["--agent", "agent=" + command, .. arguments ?? []], all);
        try
        {
            await stage.StartServerAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server, also after it was ended.</summary>
    public async Task StartServerAsync()
    {
        Server = await ServerProcess.StartAsync(Database, _arguments, _environment);
        Client = await ConnectAsync();
    }

    public Task<TestClient> ConnectAsync() => _environment.TryGetValue("TINYVEX_TOKEN", out var token)
        ? TestClient.ConnectAsync(Server.Ws, configure: options => options.SetRequestHeader("Authorization", "Bearer " + token))
        : TestClient.ConnectAsync(Server);

    /// <summary>Submits a prompt, and answers its thread and run.</summary>
    public async Task<(string ThreadId, string RunId)> SubmitAsync(string text, string? threadId = null, string? more = null)
    {
        var thread = threadId is null ? "" : $"\"threadId\":\"{threadId}\",";
        var reply = await Client.RequestAsync($"{thread}\"control\":\"run.submit\",\"text\":\"{JsonEncodedText.Encode(text)}\"{more}");
        return reply.GetProperty("type").GetString() == "run.submitted"
            ? (reply.GetProperty("threadId").GetString()!, reply.GetProperty("runId").GetString()!)
            : throw new InvalidOperationException(reply.ToString());
    }

    /// <summary>Runs a prompt to its end.</summary>
    public async Task<JsonElement> RunAsync(string text, string? threadId = null, string? more = null) =>
        await EndAsync((await SubmitAsync(text, threadId, more)).RunId);

    public async Task<JsonElement[]> RowsAsync(string query, string? threadId = null)
    {
        var thread = threadId is null ? "" : $"\"threadId\":\"{threadId}\"";
        var reply = await Client.RequestAsync($"\"control\":\"tvx.query\",\"name\":\"{query}\",\"args\":{{{thread}}}");
        return reply.TryGetProperty("rows", out var rows) ? [.. rows.EnumerateArray()] : throw new InvalidOperationException(reply.ToString());
    }

    public Task<JsonElement> EndAsync(string runId) => StateAsync(runId, "completed", "cancelled", "failed");

    /// <summary>The same, for an agent that takes long.</summary>
    public Task<JsonElement> EndAsync(string runId, TimeSpan limit) => RowAsync(
        "runs.list", null, row => row.GetProperty("runId").GetString() == runId && (row.GetProperty("status").GetString() is "completed" or "cancelled" or "failed"), limit);

    /// <summary>Waits until a run has one of the states.</summary>
    public Task<JsonElement> StateAsync(string runId, params string[] states) => RowAsync(
        "runs.list", null, row => row.GetProperty("runId").GetString() == runId && states.Contains(row.GetProperty("status").GetString()));

    /// <summary>Waits until a query gives a row that fits.</summary>
    public async Task<JsonElement> RowAsync(string query, string? threadId, Func<JsonElement, bool> fits, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var rows = await RowsAsync(query, threadId);
            foreach (var row in rows)
            {
                if (fits(row)) return row;
            }

            if (watch.Elapsed > (limit ?? Deadline.Long)) throw new TimeoutException($"no row of {query} fits: {string.Join('\n', rows)}\n{Server.Errors}");
            await Task.Delay(10);
        }
    }

    /// <summary>What the agents were asked so far by a method: the parameters of each call.</summary>
    public List<JsonElement> Calls(string method) =>
        [.. AgentScript.Calls(Folder).Where(call => call.GetProperty("method").GetString() == method).Select(call => call.GetProperty("params"))];

    /// <summary>The text blocks of the prompt that an agent was given last.</summary>
    public List<string> LastPrompt() => [.. Calls("session/prompt")[^1].GetProperty("prompt").EnumerateArray().Select(block => block.GetProperty("text").GetString()!)];

    /// <summary>Ends the server as a crash does, and starts it again.</summary>
    public async Task RestartAsync()
    {
        await Server.KillAsync();
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        await StartServerAsync();
    }

    /// <summary>Waits for the pending permission request, and answers its id.</summary>
    public async Task<string> PendingAsync() =>
        (await RowAsync("permissions.list", null, row => row.GetProperty("status").GetString() == "pending")).GetProperty("requestId").GetString()!;

    /// <summary>Waits until the last message that is final or not has this text.</summary>
    public Task<JsonElement> MessageAsync(string threadId, string text, bool? partial = null) => RowAsync(
        "messages.list", threadId,
        row => row.GetProperty("text").GetString() == text && (partial is null || row.GetProperty("partial").GetBoolean() == partial));

    /// <summary>All that lives of what the server started, but for the server itself and its guards.</summary>
    public List<int> Alive()
    {
        var alive = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out var pid) || pid == Server.Id) continue;
            try
            {
                if (File.ReadAllText(directory + "/environ").Contains($"FOLDER={Folder.Path}\0", StringComparison.Ordinal)) alive.Add(pid);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Gone since, or not ours.
            }
        }

        return alive;
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null) await Client.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        Folder.Dispose();
    }
}
