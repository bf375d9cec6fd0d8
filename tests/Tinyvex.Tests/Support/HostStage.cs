using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>A server, a client that runs the agent <c>mine</c>, and another one, a phone.</summary>
internal sealed class HostStage : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string[] _arguments;

    private HostStage(string[] arguments) => _arguments = arguments;

    public ServerProcess Server { get; private set; } = null!;

    public TestClient Host { get; set; } = null!;

    public TestClient Phone { get; private set; } = null!;

    public static async Task<HostStage> StartAsync(params string[] arguments)
    {
        var stage = new HostStage(arguments);
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

    /// <summary>Starts the server, also after it was ended, and attaches the agent.</summary>
    public async Task StartServerAsync()
    {
        Server = await ServerProcess.StartAsync(_folder["t.db"], _arguments);
        Phone = await TestClient.ConnectAsync(Server);
        await AttachAsync();
    }

    /// <summary>Attaches the agent on a new connection.</summary>
    public async Task AttachAsync()
    {
        Host = await TestClient.ConnectAsync(Server);
        await Host.AckedAsync("\"control\":\"agent.attach\",\"name\":\"mine\",\"title\":\"My own\"");
    }

    /// <summary>Submits a prompt from the phone, and answers its thread and run.</summary>
    public async Task<(string ThreadId, string RunId)> SubmitAsync(string text, string? threadId = null, string agent = "mine")
    {
        var thread = threadId is null ? $",\"agent\":{Wire.Quote(agent)}" : $",\"threadId\":{Wire.Quote(threadId)}";
        var reply = await Phone.RequestAsync($"\"control\":\"run.submit\",\"text\":{Wire.Quote(text)}{thread}");
        await Assert.That(reply.Text("type")).IsEqualTo("run.submitted").Because(reply.GetRawText());
        return (reply.Text("threadId"), reply.Text("runId"));
    }

    /// <summary>The next that the host is told, which is of this type.</summary>
    public async Task<JsonElement> ToldAsync(string type)
    {
        var frame = await Host.NextAsync();
        await Assert.That(frame.Text("type")).IsEqualTo(type).Because(frame.GetRawText());
        return frame;
    }

    /// <summary>Ends the run as its agent would.</summary>
    public Task<JsonElement> EndAsync(string threadId, string runId, string stopReason = "end_turn") =>
        Host.AckedAsync($"\"control\":\"tvx.end_run\",\"threadId\":{Wire.Quote(threadId)},\"runId\":{Wire.Quote(runId)},\"stopReason\":\"{stopReason}\"");

    /// <summary>Asks for permission in a run, and answers the request's id.</summary>
    public async Task<string> AskAsync(string threadId, string runId) => (await Host.AckedAsync($$"""
        "control":"tvx.request_permission","threadId":"{{threadId}}","runId":"{{runId}}","toolCall":{"toolCallId":"c1","title":"Write","kind":"edit"},
        "options":[{"optionId":"yes","name":"Yes","kind":"allow_once"},{"optionId":"no","name":"No","kind":"reject_once"}]
        """)).Text("requestId");

    /// <summary>Waits until the phone finds a run in one of these states.</summary>
    public async Task<JsonElement> StateAsync(string runId, params string[] states)
    {
        JsonElement found = default;
        await UntilAsync(async () =>
        {
            found = Array.Find(await Phone.RowsAsync("runs.list"), row => row.Text("runId") == runId);
            return found.ValueKind == JsonValueKind.Object && states.Contains(found.Text("status"));
        }, $"the run is {string.Join(" or ", states)}");
        return found;
    }

    public Task<JsonElement> EndedAsync(string runId) => StateAsync(runId, "completed", "cancelled", "failed");

    /// <summary>Waits until a condition holds that has to be asked for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var end = Deadline.Token();
        while (!await condition())
        {
            if (end.IsCancellationRequested) throw new TimeoutException($"not in time: {what}");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null) await Host.DisposeAsync();
        if (Phone is not null) await Phone.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        _folder.Dispose();
    }
}
