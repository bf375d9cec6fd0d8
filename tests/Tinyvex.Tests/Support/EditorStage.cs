using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>A running server with a client, and an editor whose agent is a script, all of one folder.</summary>
internal sealed class EditorStage : IAsyncDisposable
{
    private readonly string _command;
    private readonly string[] _arguments;

    private EditorStage(TempFolder folder, string command, string[] arguments)
    {
        Folder = folder;
        _command = command;
        _arguments = arguments;
    }

    public TempFolder Folder { get; }

    public ServerProcess Server { get; private set; } = null!;

    public TestClient Client { get; private set; } = null!;

    public EditorProcess Editor { get; private set; } = null!;

    /// <summary>The session that the editor has opened.</summary>
    public string SessionId { get; private set; } = "";

    /// <summary>The thread that stands for it.</summary>
    public string ThreadId { get; private set; } = "";

    /// <summary>Starts all, and opens a session in the editor.</summary>
    /// <param name="script">See <see cref="AgentScript"/>.</param>
    /// <param name="arguments">What the server is given beside its agent.</param>
    public static async Task<EditorStage> OpenAsync(string script, params string[] arguments)
    {
        var folder = new TempFolder();
        var stage = new EditorStage(folder, AgentScript.Write(folder, script), arguments);
        try
        {
            await stage.StartServerAsync();
            stage.Editor = stage.StartEditor();
            stage.SessionId = await stage.Editor.OpenAsync(folder.Path);
            stage.ThreadId = (await stage.ThreadAsync(stage.SessionId)).Text("id");
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public EditorProcess StartEditor() => EditorProcess.Start(Folder["t.db"], _command);

    /// <summary>Starts the server, also after it was ended.</summary>
    public async Task StartServerAsync()
    {
        Server = await ServerProcess.StartAsync(Folder["t.db"], ["--agent", "agent=" + _command, .. _arguments]);
        Client = await TestClient.ConnectAsync(Server);
    }

    /// <summary>Connects to the server that the editor's own process has become, as there was none.</summary>
    public async Task ConnectToEditorAsync()
    {
        var server = await RunningAsync(Folder, pid => pid == Editor.Process.Id);
        await Client.DisposeAsync();
        Client = await TestClient.ConnectAsync(new Uri(server.Text("ws")), configure: options => options.SetRequestHeader("Authorization", "Bearer " + server.Text("token")));
    }

    /// <summary>Waits for a server of a folder, and answers what it left for those who look for it.</summary>
    public static async Task<JsonElement> RunningAsync(TempFolder folder, Func<int, bool>? fits = null)
    {
        var found = default(JsonElement);
        await Deadline.UntilAsync(
            () =>
            {
                try
                {
                    found = JsonDocument.Parse(File.ReadAllText(folder["t.db-server.json"])).RootElement;
                    return fits is null || fits(found.GetProperty("pid").GetInt32());
                }
                catch (IOException)
                {
                    return false;
                }
            },
            "a server runs");
        return found;
    }

    /// <summary>Waits for the thread of a session.</summary>
    public Task<JsonElement> ThreadAsync(string sessionId) => RowAsync("threads.list", null, row => row.GetProperty("resumeId").GetString() == sessionId);

    /// <summary>Begins a turn in the editor, and answers the id of its request.</summary>
    public Task SendPromptAsync(string text, string id = "p1") => Editor.SendAsync(
        $$$"""{"jsonrpc":"2.0","id":"{{{id}}}","method":"session/prompt","params":{"sessionId":"{{{SessionId}}}","prompt":[{"type":"text","text":"{{{text}}}"}]}}""");

    /// <summary>Waits for the end of a turn, as the editor sees it.</summary>
    public async Task<string> StopReasonAsync(string id = "p1")
    {
        var answer = await Editor.MessageAsync(message => message.TryGetProperty("id", out var answered) && answered.ToString() == id && message.Has("result"));
        return answer.GetProperty("result").Text("stopReason");
    }

    public Task<JsonElement> RunAsync(string status) => RowAsync("runs.list", ThreadId, row => row.Text("status") == status);

    public Task<JsonElement> MessageAsync(string text) => RowAsync("messages.list", ThreadId, row => row.Text("text") == text);

    public Task<JsonElement> PermissionAsync(string status) => RowAsync("permissions.list", ThreadId, row => row.Text("status") == status);

    /// <summary>Waits until a query gives a row that fits.</summary>
    public async Task<JsonElement> RowAsync(string query, string? threadId, Func<JsonElement, bool> fits)
    {
        using var deadline = new CancellationTokenSource(Deadline.Long);
        while (true)
        {
            var rows = await Client.RowsAsync(query, threadId);
            if (rows.Where(fits).Take(1).ToList() is [var row]) return row;
            if (deadline.IsCancellationRequested) throw new TimeoutException($"no row of {query} fits: {string.Join('\n', rows)}\n{Server.Errors}\n{Editor?.Errors}");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Editor is not null) await Editor.DisposeAsync();
        if (Client is not null) await Client.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        Folder.Dispose();
    }
}
