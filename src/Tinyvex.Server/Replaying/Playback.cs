using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>One request of the client while it is answered from the recording.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "Without timers and handles the sources need no disposal, and may be cancelled late.")]
internal sealed class Playback
{
    private readonly PlaybackContext _context;
    private readonly ReplaySession _session;
    private readonly Exchange _exchange;
    private readonly byte[] _requestId;
    private readonly SlotValues _values;
    private readonly PlaybackClock _clock;

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes ready to answer a request of a session, which comes to this part of the recording for the nth time.</summary>
    public Playback(PlaybackContext context, ReplaySession session, Exchange exchange, byte[] requestId, int round)
    {
        _context = context;
        _session = session;
        _exchange = exchange;
        _requestId = requestId;
        _clock = context.StartClock();
        _values = new SlotValues
        {
            Session = session.Id,
            // In the first round ids are as recorded; then "call_1" is "call_1~2" and so on.
            Suffix = round > 1 && IsPrompt
                ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"~{round}")) : default,
            TerminalIds = session.Terminals,
        };
    }

    private enum Ending
    {
        Played,
        Rejected,
        Cancelled,
    }

    public bool IsPrompt => _exchange.Method == "session/prompt";

    public bool IsAnswered => _answered.Task.IsCompleted;

    public Task Done { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to play, on another thread: at full speed it does not pause by itself.</summary>
    public void Start(List<Playback> before) => Done = Task.Run(() => RunAsync(before));

    /// <summary>Ends it at once; a prompt is answered with <c>cancelled</c>.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    private async Task RunAsync(List<Playback> before)
    {
        try
        {
            foreach (var playback in before)
                await playback.LetFinishAsync();

            _clock.Restart();
            var ending = await PlayAsync(_exchange.Before);
            if (ending == Ending.Played && _exchange.Answer is { } answer)
                await _clock.WaitAsync(answer.Delay, _stop.Token, CancellationToken.None);
            Answer(ending);
            if (ending == Ending.Played)
                await PlayAsync(_exchange.After);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Answer(Ending.Cancelled);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            if (_answered.TrySetResult())
                _context.Writer.WriteError(_requestId, Replies.InternalError, $"The recording cannot be played: {e.Message}");
        }
    }

    private async Task LetFinishAsync()
    {
        // First the answer in its own time, then the rest in a hurry: a newer request waits for it.
        await _answered.Task;
        await _hurry.CancelAsync();
        await Done;
    }

    private void Answer(Ending ending)
    {
        // From here on a cancellation comes too late. It may also have come in between, so only one of the two answers.
        if (!_answered.TrySetResult())
            return;

        if (ending != Ending.Played)
            _context.Writer.WriteStopReason(_requestId, ending == Ending.Cancelled ? "cancelled"u8 : "end_turn"u8);
        else if (_exchange.Answer?.Message is { } answer)
            _context.Writer.Write(answer, _values with { MessageId = _requestId });
        else if (IsPrompt)
            _context.Writer.WriteStopReason(_requestId, "end_turn"u8);
        else
            _context.Writer.WriteError(_requestId, Replies.InternalError, "The recording ends without an answer to this.");
    }

    private async Task<Ending> PlayAsync(List<TranscriptEntry> entries)
    {
        foreach (var entry in entries)
        {
            await _clock.WaitAsync(entry.Delay, _stop.Token, _hurry.Token);
            await _context.Writer.WhenRoom().WaitAsync(_stop.Token);
            if (entry.Message is not { } message)
                _context.Writer.WriteLine(entry.Text.Span);
            else if (!message.IsRequest)
                _context.Writer.Write(message, _values);
            else if (_context.Capabilities.Allow(message) && await AskAsync(entry, message) is var ending and not Ending.Played)
                return ending;
        }

        return Ending.Played;
    }

    private async Task<Ending> AskAsync(TranscriptEntry entry, RecordedMessage request)
    {
        var id = _context.Requests.Open(out var replied);
        try
        {
            var idJson = Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture));
            _context.Writer.Write(request, _values with { MessageId = idJson });

            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _hurry.Token);
            var reply = await replied.WaitAsync(either.Token);
            _clock.Restart();
            reply.TryGetProperty("result"u8, out var result);
            if (request.Method == "session/request_permission")
                return Decide(entry, request, PermissionReply.Read(result));
            if (entry.TerminalId is { } recorded && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("terminalId"u8, out var terminal))
                _session.Terminals[recorded] = Encoding.UTF8.GetBytes(terminal.GetRawText());
            return Ending.Played;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // The answer has been given and a newer request waits: nothing depends on this reply any more.
            return Ending.Played;
        }
        finally
        {
            _context.Requests.Close(id);
        }
    }

    private Ending Decide(TranscriptEntry entry, RecordedMessage request, PermissionReply reply)
    {
        if (reply.IsCancelled)
            return Ending.Cancelled;

        // What was chosen in the recording leads on in the recording, be it a refusal.
        if (reply.OptionId is { } chosen && chosen == entry.ChosenOption)
            return Ending.Played;

        using var document = JsonDocument.Parse(request.Bytes);
        var parameters = document.RootElement.GetProperty("params"u8);
        if (IsAllowing(parameters, reply.OptionId))
            return Ending.Played;

        // The recording does not know how it would have gone on from here, so the turn ends.
        if (parameters.TryGetProperty("toolCall"u8, out var toolCall) && toolCall.ValueKind == JsonValueKind.Object
            && toolCall.TryGetProperty("toolCallId"u8, out var toolCallId) && toolCallId.ValueKind == JsonValueKind.String)
        {
            _context.Writer.WriteToolCallFailed(
                _session.Id.Span, toolCallId.GetString() + Encoding.ASCII.GetString(_values.Suffix.Span));
        }

        _context.Writer.WriteAgentText(_session.Id.Span, "That was not allowed, so I stop here.");
        return Ending.Rejected;
    }

    private static bool IsAllowing(JsonElement parameters, string? optionId)
    {
        if (optionId is null || !parameters.TryGetProperty("options"u8, out var options)
            || options.ValueKind != JsonValueKind.Array)
            return false;

        foreach (var option in options.EnumerateArray())
        {
            if (option.ValueKind == JsonValueKind.Object
                && option.TryGetProperty("optionId"u8, out var id) && id.ValueKind == JsonValueKind.String
                && id.ValueEquals(optionId)
                && option.TryGetProperty("kind"u8, out var kind) && kind.ValueKind == JsonValueKind.String)
                return kind.GetString()!.StartsWith("allow", StringComparison.Ordinal);
        }

        return false;
    }
}
