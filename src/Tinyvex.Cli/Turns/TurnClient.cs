using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Conversations;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>
/// Submits a prompt and follows its run to the end. All of it is one loop, which takes what comes first: a frame, a signal, or the tick at
/// which keys and the progress line are looked after.
/// </summary>
internal sealed class TurnClient
{
    /// <summary>Quick enough for one who types, and seldom enough to cost nothing.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(80);

    /// <summary>Silence after which the progress line is shown: with less it would flicker between chunks.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(400);

    /// <summary>How long one who quits waits for the server to take the cancel.</summary>
    private static readonly TimeSpan QuitGrace = TimeSpan.FromSeconds(1);

    private readonly ServerSocket _socket;
    private readonly TurnPrinter _printer;
    private readonly TurnSettings _settings;
    private readonly ProgressLine _progress;
    private readonly PermissionDesk _permissions;
    private readonly ElicitationDesk _elicitations;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private long _lastPrinted;
    private bool _isRunning;
    private bool _isCancelled;
    private RunOutcome? _outcome;

    /// <summary>What to end with when the cancel is taken, or when that takes too long.</summary>
    private (int ExitCode, long Since)? _quitting;

    public TurnClient(ServerSocket socket, TurnPrinter printer, TurnSettings settings, TimeProvider time)
    {
        (_socket, _printer, _settings, _time) = (socket, printer, settings, time);
        _progress = new ProgressLine(printer.Screen);
        _permissions = new PermissionDesk(settings, printer, () => _elicitations!.IsAsking, AnswerAsync);
        _elicitations = new ElicitationDesk(settings, printer, () => _permissions.IsAsking, AnswerAsync);
        _begun = _lastPrinted = time.GetTimestamp();
    }

    public string? ThreadId { get; private set; }

    public string? RunId { get; private set; }

    /// <summary>The agent that took the prompt, once it did.</summary>
    public string? Agent { get; private set; }

    /// <summary>Tokens in use and how many there may be, as the agent last said.</summary>
    public (long Used, long Size)? Usage { get; private set; }

    public TimeSpan Took => _time.GetElapsedTime(_begun);

    public async Task<RunOutcome> RunAsync(TurnRequest request, Interrupts interrupts)
    {
        try
        {
            await SendAsync(request.ToJson());
            await FollowAsync(interrupts);
        }
        catch (IOException exception)
        {
            _outcome = Gone(exception.Message);
        }

        _progress.Clear();
        CloseDesks("the turn is over");
        _printer.End();
        _settings.Json?.Result(_outcome!, ThreadId, RunId);
        return _outcome!;
    }

    private async Task FollowAsync(Interrupts interrupts)
    {
        using var timer = new PeriodicTimer(Tick, _time);
        var receiving = _socket.ReceiveAsync(CancellationToken.None);
        var ticking = timer.WaitForNextTickAsync().AsTask();
        var interrupted = interrupts.WaitAsync();
        while (_outcome is null)
        {
            await Task.WhenAny(receiving, ticking, interrupted);
            if (interrupted.IsCompleted)
            {
                if (interrupts.TryTake(out var signal)) await InterruptAsync(signal);
                interrupted = interrupts.WaitAsync();
            }

            if (ticking.IsCompleted)
            {
                await TickAsync();
                ticking = timer.WaitForNextTickAsync().AsTask();
            }

            if (receiving.IsCompleted)
            {
                if (await receiving is { } message) await TakeAsync(message);
                else _outcome ??= Gone(_socket.CloseReason);
                if (_outcome is null) receiving = _socket.ReceiveAsync(CancellationToken.None);
            }
        }
    }

    private async Task InterruptAsync(PosixSignal signal)
    {
        if (signal != PosixSignal.SIGINT)
        {
            await QuitAsync(signal == PosixSignal.SIGHUP ? RunOutcome.HungUp : RunOutcome.Terminated);
        }
        else if (_isCancelled)
        {
            // The server has the cancel already.
            _outcome = new RunOutcome { ExitCode = RunOutcome.Cancelled };
        }
        else
        {
            _isCancelled = true;
            _progress.Clear();
            CloseDesks("cancelled");
            _printer.EndMessage();
            // The terminal has written ^C.
            if (Screen.Error.CanErase) Screen.Error.EraseLine();
            Screen.Error.WriteLine(Screen.Error.Yellow("Cancelling the turn; Ctrl-C once more quits at once."));
            _lastPrinted = _time.GetTimestamp();
            await CancelAsync();
        }
    }

    /// <summary>Ends now, and takes the turn along: nobody would see what it does, nor answer what it asks.</summary>
    private async Task QuitAsync(int exitCode)
    {
        _quitting ??= (exitCode, _time.GetTimestamp());
        _isCancelled = true;
        await CancelAsync();
    }

    private Task CancelAsync() => RunId is null
        ? Task.CompletedTask
        : SendAsync(new JsonObject { ["control"] = "run.cancel", ["id"] = "cancel", ["runId"] = RunId });

    private async Task TickAsync()
    {
        if (_quitting is { } quitting)
        {
            if (_time.GetElapsedTime(quitting.Since) > QuitGrace) _outcome = new RunOutcome { ExitCode = quitting.ExitCode };
            return;
        }

        if (ClosedOutput.IsClosed())
        {
            await QuitAsync(RunOutcome.NobodyReads);
            return;
        }

        await _permissions.PollAsync();
        await _elicitations.PollAsync();
        var silent = _time.GetElapsedTime(_lastPrinted);
        if (IsAsking || !_printer.IsAtLineStart || silent < Silence) return;
        _progress.Show(_isCancelled ? "Cancelling" : _printer.Running?.Title ?? (_isRunning ? "Waiting for the agent" : "Starting"), silent);
    }

    private async Task TakeAsync(byte[] message)
    {
        _settings.Json?.Frame(message);
        using var document = JsonDocument.Parse(message, JsonText.DocumentOptions);
        var frame = document.RootElement;
        switch (frame.Text("type"))
        {
            case "run.submitted":
                (ThreadId, RunId) = (frame.Text("threadId"), frame.Text("runId"));
                await SendAsync(new JsonObject { ["control"] = "tvx.subscribe", ["id"] = "follow", ["stream"] = "thread", ["threadId"] = ThreadId, ["limit"] = 20 });
                if (_isCancelled) await CancelAsync();
                break;
            case "tinyvex.error":
                TakeError(frame);
                break;
            case "tinyvex.ack" when frame.Text("id") == "cancel" && _quitting is { } quitting:
                _outcome = new RunOutcome { ExitCode = quitting.ExitCode };
                break;
            case "tinyvex.snapshot":
                await TakeSnapshotAsync(frame);
                break;
            case "tinyvex.finalize":
                _printer.EndMessage();
                break;
            case "tinyvex.update" when frame.TryGetProperty("row", out var row):
                if (!HasOvertaken(frame, row)) await TakeRowAsync(frame.Text("stream")!, row);
                break;
            case "tinyvex.update" when frame.Text("stream") == "messages" && _isRunning:
                Print(() => _printer.PrintMessage(frame, frame.Text("append") ?? ""));
                break;
            case "tinyvex.update" when frame.Text("stream") == "terminals" && _isRunning:
                _printer.TakePrinted(frame);
                break;
            case "tinyvex.update" when frame.TryGetProperty("deleted", out _):
                _outcome = new RunOutcome { ExitCode = RunOutcome.Failed, ErrorMessage = "The thread was deleted." };
                break;
        }
    }

    /// <summary>The end of a run that came before what was said in it. It comes again in its place, with a cursor.</summary>
    private static bool HasOvertaken(JsonElement frame, JsonElement row) =>
        frame.Text("stream") == "runs" && row.Text("status") is not ("queued" or "running") && !frame.TryGetProperty("cursor", out _);

    private void TakeError(JsonElement error)
    {
        switch (error.Text("id"))
        {
            case "cancel":
                // It ended in this moment, and the row that says so is on its way.
                if (_quitting is { } quitting) _outcome = new RunOutcome { ExitCode = quitting.ExitCode };
                break;
            case "answer" or "answer-form" when error.Text("code") == "conflict":
                Note("Another client answered first.");
                break;
            case "answer-form" when error.Text("code") == "bad_request":
                Note(error.Text("message")!);
                _elicitations.Refused();
                break;
            case "answer" or "answer-form":
                Note(error.Text("message")!);
                break;
            default:
                _outcome = new RunOutcome { ExitCode = RunOutcome.Failed, ErrorCode = error.Text("code"), ErrorMessage = error.Text("message") };
                break;
        }
    }

    /// <summary>What happened of this run before the subscription stood. Earlier turns of the thread are left out.</summary>
    private async Task TakeSnapshotAsync(JsonElement snapshot)
    {
        var runs = snapshot.Items("runs").ToList();
        var mine = runs.Find(run => run.Text("runId") == RunId);
        if (mine.Text("status") == "queued" && runs.Exists(run => run.Text("runId") != RunId && run.Text("status") is "running" or "queued"))
        {
            Note("Another prompt is under way in this thread; this one is next in the queue.");
        }

        await TakeRowAsync("runs", mine);
        if (mine.TryGetProperty("startedAt", out var started) && started.ValueKind == JsonValueKind.Number)
        {
            var since = started.GetInt64();
            Print(() =>
            {
                var lists = (string[])["messages", "toolCalls", "terminals"];
                var items = lists.SelectMany(list => snapshot.Items(list).Select(row => (List: list, Row: row)));
                foreach (var (list, row) in items.Where(item => item.Row.GetProperty("createdAt").GetInt64() >= since).OrderBy(item => item.Row.GetProperty("order").GetInt64()))
                {
                    if (list == "messages") _printer.PrintMessage(row, row.Text("text")!);
                    else if (list == "toolCalls") _printer.PrintToolCall(row);
                    else _printer.PrintTerminal(row);
                }
            });
        }

        foreach (var permission in snapshot.Items("permissions")) await TakeRowAsync("permissions", permission);
        foreach (var elicitation in snapshot.Items("elicitations")) await TakeRowAsync("elicitations", elicitation);
    }

    private async Task TakeRowAsync(string stream, JsonElement row)
    {
        switch (stream)
        {
            case "runs" when row.Text("runId") == RunId:
                TakeRun(row);
                break;
            case "permissions" when row.Text("runId") == RunId:
                _progress.Clear();
                _permissions.Take(row);
                _lastPrinted = _time.GetTimestamp();
                break;
            case "elicitations" when row.Text("runId") == RunId:
                _progress.Clear();
                await _elicitations.TakeAsync(row);
                _lastPrinted = _time.GetTimestamp();
                break;
            case "tool_calls" when _isRunning:
                Print(() => _printer.PrintToolCall(row));
                break;
            case "terminals" when _isRunning:
                Print(() => _printer.PrintTerminal(row));
                break;
            case "plan" when _isRunning:
                Print(() => _printer.PrintPlan(row));
                break;
            case "state" when _isRunning:
                TakeUsage(row);
                break;
        }
    }

    private void TakeRun(JsonElement run)
    {
        Agent = run.Text("agent") ?? Agent;
        if (run.Text("status") is "running" && !_isRunning)
        {
            _isRunning = true;
            _lastPrinted = _time.GetTimestamp();
        }

        if (run.Text("status") is not ("queued" or "running")) _outcome = RunOutcome.Of(run, _isCancelled);
    }

    private void TakeUsage(JsonElement state)
    {
        if (state.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
            && usage.TryGetProperty("used", out var used) && used.TryGetInt64(out var tokens)
            && usage.TryGetProperty("size", out var size) && size.TryGetInt64(out var all))
        {
            Usage = (tokens, all);
        }
    }

    /// <summary>Prints, with the lines that stand below all others out of the way.</summary>
    private void Print(Action print)
    {
        _progress.Clear();
        _permissions.MakeRoom();
        _elicitations.MakeRoom();
        print();
        if (IsAsking) _printer.EndMessage();
        _permissions.Show();
        _elicitations.Show();
        _lastPrinted = _time.GetTimestamp();
    }

    private void Note(string text)
    {
        _progress.Clear();
        _printer.EndMessage();
        Screen.Error.WriteLine(Screen.Error.Dim(Printable.Text(text)));
    }

    private RunOutcome Gone(string? why) => _quitting is { } quitting
        ? new RunOutcome { ExitCode = quitting.ExitCode }
        : new RunOutcome { ExitCode = RunOutcome.Failed, ErrorMessage = $"The server is gone: {why}." };

    private Task AnswerAsync(string requestId, string? optionId)
    {
        var respond = new JsonObject { ["control"] = "permission.respond", ["id"] = "answer", ["requestId"] = requestId };
        if (optionId is null) respond["cancelled"] = true;
        else respond["optionId"] = optionId;
        return SendAsync(respond);
    }

    private Task AnswerAsync(string requestId, ElicitationAnswer answer)
    {
        var respond = new JsonObject { ["control"] = "elicitation.respond", ["id"] = "answer-form", ["requestId"] = requestId, ["action"] = answer.Action };
        if (answer.Content is { } content) respond["content"] = content.DeepClone();
        return SendAsync(respond);
    }

    private bool IsAsking => _permissions.IsAsking || _elicitations.IsAsking;

    private void CloseDesks(string why)
    {
        _permissions.Close(why);
        _elicitations.Close(why);
    }

    private Task SendAsync(JsonObject request) => _socket.SendAsync(request.ToJsonString(), CancellationToken.None);
}
