using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tinyvex.Replaying;

/// <summary>Reads what the client sends and has each request played by its session.</summary>
internal sealed class ReplayConnection(Transcript transcript, PlaybackContext context, TimeProvider time)
{
    private const int MaxLineLength = 64 << 20;

    private readonly ConcurrentDictionary<string, ReplaySession> _sessions = new(StringComparer.Ordinal);

    // Requests about no session, and those that make one, have one position for all.
    private readonly ReplaySession _sessionless = new(id: null, recordedId: null);

    /// <summary>Serves until the client has closed its end. Blocks.</summary>
    public void Serve(Stream input)
    {
        var reader = new LineReader(input, MaxLineLength);
        while (reader.Read() is { } line)
            Receive(line);
    }

    public Task StopAsync() =>
        Task.WhenAll([.. _sessions.Values.Select(session => session.StopAsync()), _sessionless.StopAsync()]);

    private void Receive(Line line)
    {
        if (line.IsTooLong)
        {
            context.Writer.WriteError(default, Replies.ParseError, $"A line is longer than {MaxLineLength >> 20} MiB.");
            return;
        }

        if (line.Bytes.Span.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
            return;

        try
        {
            using var document = JsonDocument.Parse(line.Bytes);
            Receive(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is for a string of half characters: it is found only when the string is read.
            context.Writer.WriteError(default, Replies.ParseError, "Parse error");
        }
    }

    private void Receive(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            context.Writer.WriteError(default, Replies.InvalidRequest, "A message is one JSON object.");
            return;
        }

        var hasId = message.TryGetProperty("id"u8, out var id);
        message.TryGetProperty("params"u8, out var parameters);
        if (message.TryGetProperty("method"u8, out var name) && name.ValueKind == JsonValueKind.String)
        {
            var method = name.GetString()!;
            if (hasId)
                Answer(method, JsonMarshal.GetRawUtf8Value(id).ToArray(), parameters);
            else if (method == "session/cancel" && SessionIdOf(parameters) is { } sessionId)
                _sessions.GetValueOrDefault(sessionId)?.CancelPrompt();
        }
        else if (hasId && (message.TryGetProperty("result"u8, out _) || message.TryGetProperty("error"u8, out _)))
        {
            context.Requests.Resolve(id, message);
        }
        else
        {
            context.Writer.WriteError(default, Replies.InvalidRequest, "A message has a method, or an id and a result or error.");
        }
    }

    private void Answer(string method, byte[] id, JsonElement parameters)
    {
        if (transcript.Of(method).Count == 0)
        {
            context.Writer.WriteError(id, Replies.MethodNotFound, $"There is no {method} in the recording.");
            return;
        }

        switch (method)
        {
            case "initialize":
                context.Capabilities = ClientCapabilities.Read(parameters);
                PlayNext(_sessionless, method, id);
                break;
            case "session/new":
                Open(method, id, NewSessionId());
                break;
            case "session/load" or "session/resume" when SessionIdOf(parameters) is { } sessionId:
                Open(method, id, sessionId);
                break;
            case "session/prompt":
                Prompt(id, SessionIdOf(parameters));
                break;
            default:
                PlayOther(method, id, SessionIdOf(parameters));
                break;
        }
    }

    private void Open(string method, byte[] id, string sessionId)
    {
        var (exchange, _) = _sessionless.Position.Next(method, transcript.Of(method));
        if (!_sessions.TryGetValue(sessionId, out var session))
        {
            session = new ReplaySession(sessionId, exchange.SessionId);
            session.Position.MoveBehind(exchange, "session/prompt", transcript.Of("session/prompt", exchange.SessionId));
            if (!exchange.IsFailure)
                _sessions[sessionId] = session;
        }

        Play(session, exchange, id, round: 1);
    }

    private void Prompt(byte[] id, string? sessionId)
    {
        if (sessionId is null)
            context.Writer.WriteError(id, Replies.InvalidParams, "A prompt has a sessionId.");
        else if (_sessions.TryGetValue(sessionId, out var session))
            PlayNext(session, "session/prompt", id);
        else
            context.Writer.WriteError(id, Replies.ResourceNotFound, "There is no such session.");
    }

    private void PlayOther(string method, byte[] id, string? sessionId)
    {
        var ending = method is "session/close" or "session/delete";
        if (sessionId is not null && _sessions.TryGetValue(sessionId, out var session))
        {
            if (ending)
                session.CancelPrompt();
            PlayNext(session, method, id);
        }
        else if (sessionId is null || ending)
        {
            // A session of an earlier process may still be closed or deleted, though it is not known here.
            PlayNext(_sessionless, method, id);
        }
        else
        {
            context.Writer.WriteError(id, Replies.ResourceNotFound, "There is no such session.");
        }
    }

    private void PlayNext(ReplaySession session, string method, byte[] id)
    {
        var (exchange, round) = session.Position.Next(method, transcript.Of(method, session.RecordedId));
        Play(session, exchange, id, round);
    }

    private void Play(ReplaySession session, Exchange exchange, byte[] id, int round)
    {
        var playback = new Playback(context, session, exchange, id, round);
        var before = session.Add(playback);
        if (session != _sessionless)
            before.AddRange(_sessionless.Answered());
        playback.Start(before);
    }

    // The number must not come twice, not even after this process: clients keep sessions for longer than that.
    private string NewSessionId() => $"replay-{Guid.CreateVersion7(time.GetUtcNow()):N}";

    private static string? SessionIdOf(JsonElement parameters) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("sessionId"u8, out var id)
        && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
}
