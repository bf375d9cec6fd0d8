using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tinyvex.Cli.Terminal;

/// <summary>Submits a prompt and follows its run to the end, asking for permissions on the way.</summary>
internal sealed class TurnClient(ServerSocket socket)
{
    private readonly TurnPrinter _printer = new();
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private string? _threadId;
    private string? _runId;

    /// <summary>Runs a prompt; true where the run was completed.</summary>
    public async Task<bool> RunAsync(string prompt, string? agent, string? thread, string? workingDirectory, CancellationToken cancellationToken)
    {
        var submit = new JsonObject { ["control"] = "run.submit", ["id"] = "submit", ["text"] = prompt };
        if (agent is not null) submit["agent"] = agent;
        if (thread is not null) submit["threadId"] = thread;
        if (workingDirectory is not null) submit["workingDirectory"] = workingDirectory;
        await SendAsync(submit, cancellationToken);
        while (await socket.ReceiveAsync(cancellationToken) is { } message)
        {
            using var document = JsonDocument.Parse(message);
            var frame = document.RootElement;
            switch (frame.GetProperty("type").GetString())
            {
                case "tinyvex.error":
                    _printer.EndLine();
                    Console.Error.WriteLine(Paint.Red(frame.GetProperty("message").GetString()!));
                    if (_runId is null) return false;
                    break;
                case "run.submitted":
                    _threadId = frame.GetProperty("threadId").GetString();
                    _runId = frame.GetProperty("runId").GetString();
                    await SendAsync(
                        new JsonObject { ["control"] = "tvx.subscribe", ["id"] = "follow", ["stream"] = "thread", ["threadId"] = _threadId, ["limit"] = 20 },
                        cancellationToken);
                    break;
                case "tinyvex.snapshot":
                    if (await PrintSnapshotAsync(frame, cancellationToken) is { } ended) return ended;
                    break;
                case "tinyvex.finalize":
                    _printer.Print(frame);
                    break;
                case "tinyvex.update":
                    if (await PrintUpdateAsync(frame, cancellationToken) is { } outcome) return outcome;
                    break;
            }
        }

        _printer.EndLine();
        Console.Error.WriteLine(Paint.Red($"The server is gone: {socket.CloseReason}"));
        return false;
    }

    public Task CancelAsync(CancellationToken cancellationToken) => _runId is null
        ? Task.CompletedTask
        : SendAsync(new JsonObject { ["control"] = "run.cancel", ["runId"] = _runId }, cancellationToken);

    /// <summary>What happened of this run before the subscription stood; earlier turns are left out.</summary>
    private async Task<bool?> PrintSnapshotAsync(JsonElement snapshot, CancellationToken cancellationToken)
    {
        var run = snapshot.GetProperty("runs").EnumerateArray().First(run => run.GetProperty("runId").GetString() == _runId);
        foreach (var message in snapshot.GetProperty("messages").EnumerateArray())
        {
            if (message.GetProperty("order").GetInt64() < run.GetProperty("order").GetInt64()) continue;
            using var update = JsonDocument.Parse(new JsonObject
            {
                ["type"] = "tinyvex.update",
                ["stream"] = "messages",
                ["itemId"] = message.GetProperty("itemId").GetString(),
                ["role"] = message.GetProperty("role").GetString(),
                ["append"] = message.GetProperty("text").GetString(),
            }.ToJsonString());
            _printer.Print(update.RootElement);
        }

        foreach (var permission in snapshot.GetProperty("permissions").EnumerateArray()) await AskAsync(permission, cancellationToken);
        return Outcome(run);
    }

    private async Task<bool?> PrintUpdateAsync(JsonElement frame, CancellationToken cancellationToken)
    {
        _printer.Print(frame);
        switch (frame.GetProperty("stream").GetString())
        {
            case "permissions":
                await AskAsync(frame.GetProperty("row"), cancellationToken);
                return null;
            case "runs" when frame.GetProperty("row").GetProperty("runId").GetString() == _runId:
                return Outcome(frame.GetProperty("row"));
            default:
                return null;
        }
    }

    private bool? Outcome(JsonElement run)
    {
        var status = run.GetProperty("status").GetString();
        if (status is "queued" or "running") return null;
        _printer.EndLine();
        var error = run.GetProperty("error");
        if (error.ValueKind == JsonValueKind.Object) Console.Error.WriteLine(Paint.Red(error.GetProperty("message").GetString()!));
        else if (status != "completed") Console.WriteLine(Paint.Yellow($"The run was {status}."));
        return status == "completed";
    }

    private async Task AskAsync(JsonElement permission, CancellationToken cancellationToken)
    {
        var requestId = permission.GetProperty("requestId").GetString()!;
        if (permission.GetProperty("status").GetString() != "pending" || !_asked.Add(requestId)) return;
        _printer.EndLine();
        var options = permission.GetProperty("options").EnumerateArray().ToList();
        var title = permission.GetProperty("toolCall").TryGetProperty("title", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : "go on";
        Console.WriteLine();
        Console.WriteLine(Paint.Yellow($"? The agent asks to: {title}"));
        for (var i = 0; i < options.Count; i++) Console.WriteLine($"  {i + 1}) {options[i].GetProperty("name").GetString()}");
        var chosen = Choose(options);
        await SendAsync(
            new JsonObject { ["control"] = "permission.respond", ["requestId"] = requestId, ["optionId"] = options[chosen].GetProperty("optionId").GetString() },
            cancellationToken);
    }

    private static int Choose(List<JsonElement> options)
    {
        if (Console.IsInputRedirected)
        {
            // Nobody can type here, and silence is no consent.
            var reject = options.FindIndex(option => option.GetProperty("kind").GetString()?.StartsWith("reject", StringComparison.Ordinal) == true);
            var choice = AnswerForNobody ?? Math.Max(reject, 0);
            Console.WriteLine(Paint.Dim($"  {choice + 1}, chosen since nobody can type here"));
            return choice;
        }

        while (true)
        {
            Console.Write("  > ");
            if (int.TryParse(Console.ReadLine(), out var number) && number >= 1 && number <= options.Count) return number - 1;
        }
    }

    /// <summary>The option taken where nobody can type; without it, the one that rejects.</summary>
    public static int? AnswerForNobody { get; set; }

    private Task SendAsync(JsonObject request, CancellationToken cancellationToken) => socket.SendAsync(request.ToJsonString(), cancellationToken);
}
