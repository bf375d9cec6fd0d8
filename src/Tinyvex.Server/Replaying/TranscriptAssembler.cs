using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>Gives each line of a transcript to the exchange that it belongs to.</summary>
/// <param name="answers">The answer of each request that got one.</param>
internal sealed class TranscriptAssembler(Dictionary<RecordedMessage, RecordedMessage> answers)
{
    private readonly List<Exchange> _exchanges = [];
    private readonly List<OpenExchange> _open = [];
    private readonly Dictionary<string, OpenExchange> _lastOfSession = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (OpenExchange Exchange, TranscriptEntry Entry)> _asked = new(StringComparer.Ordinal);

    // What an agent prints before it has been asked anything belongs to the first thing that it is asked.
    private readonly List<TranscriptLine> _early = [];
    private OpenExchange? _lastAnswered;
    private OpenExchange? _lastSpoken;

    public List<Exchange> Assemble(List<TranscriptLine> lines)
    {
        foreach (var line in lines)
        {
            if (line is { FromClient: true, Message: { } sent })
                AddSent(sent, line.Time);
            else
                AddWritten(line);
        }

        return _exchanges;
    }

    private void AddSent(RecordedMessage message, TimeSpan time)
    {
        if (message.IsRequest)
        {
            // A second handshake is a second process: nothing asked of the first will be answered any more.
            if (message.Method == "initialize")
                _open.Clear();

            answers.TryGetValue(message, out var answer);
            var exchange = new Exchange(message.Method!, _exchanges.Count, message.SessionId ?? answer?.SessionId);
            var opened = new OpenExchange(exchange, answer, time);
            _exchanges.Add(exchange);
            _open.Add(opened);
            foreach (var early in _early)
                exchange.Before.Add(new TranscriptEntry { Delay = TimeSpan.Zero, Message = early.Message, Text = early.Text });
            _early.Clear();
        }
        else if (message.IsAnswer && message.Id is { } id && _asked.Remove(id, out var asked))
        {
            // The time that the client took is the client's: the agent goes on from the reply.
            asked.Exchange.Last = time;
            NoteReply(asked.Entry, message);
        }
    }

    private static void NoteReply(TranscriptEntry entry, RecordedMessage reply)
    {
        if (entry.Message?.Method is not ("session/request_permission" or "terminal/create"))
            return;

        using var document = JsonDocument.Parse(reply.Bytes);
        if (!document.RootElement.TryGetProperty("result"u8, out var result) || result.ValueKind != JsonValueKind.Object)
            return;
        entry.ChosenOption = PermissionReply.Read(result).OptionId;
        if (result.TryGetProperty("terminalId"u8, out var terminal))
            entry.TerminalId = terminal.GetRawText();
    }

    private void AddWritten(TranscriptLine line)
    {
        if (line.Message is { IsAnswer: true } answer)
        {
            AddAnswer(answer, line.Time);
            return;
        }

        // It names a request by the id that it had then. Requests have ids of their own now, and nobody cancels them here.
        if (line.Message is { Method: "$/cancel_request" })
            return;

        if (Owner(line.Message?.SessionId) is not { } owner)
        {
            _early.Add(line);
            return;
        }

        var entry = new TranscriptEntry { Delay = owner.Since(line.Time), Message = line.Message, Text = line.Text };
        (_open.Contains(owner) ? owner.Exchange.Before : owner.Exchange.After).Add(entry);
        _lastSpoken = owner;
        if (line.Message is { IsRequest: true, Id: { } id })
            _asked[id] = (owner, entry);
    }

    private void AddAnswer(RecordedMessage answer, TimeSpan time)
    {
        // An answer to nothing, such as that to a line that was not JSON, has no request to be played for.
        var index = _open.FindIndex(candidate => candidate.Answer == answer);
        if (index < 0)
            return;

        var answered = _open[index];
        _open.RemoveAt(index);
        answered.Exchange.Answer = new TranscriptEntry { Delay = answered.Since(time), Message = answer };
        _lastAnswered = answered;
        if (answered.Exchange.SessionId is { } session)
            _lastOfSession[session] = answered;
    }

    private OpenExchange? Owner(string? session)
    {
        if (session is null)
            return _lastSpoken is { } spoken && _open.Contains(spoken) ? spoken : _open.LastOrDefault() ?? _lastAnswered;

        // Agents work through the prompts of a session one by one, so the oldest open request is the one at work.
        return _open.Find(candidate => candidate.Exchange.SessionId == session)
            ?? _lastOfSession.GetValueOrDefault(session)
            ?? _open.LastOrDefault()
            ?? _lastAnswered;
    }
}
