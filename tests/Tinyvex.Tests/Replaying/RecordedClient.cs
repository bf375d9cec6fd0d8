using System.Text.Json;

namespace Tinyvex.Tests.Replaying;

/// <summary>
/// Plays the client's side of a transcript: every request in its order, with the id that it had, and no cancellation. Its reading
/// of the transcript shares nothing with the agent's.
/// </summary>
internal sealed class RecordedClient(string[] transcript)
{
    private readonly JsonElement[] _recorded = [.. transcript.Select(line => JsonDocument.Parse(line).RootElement)];

    // Sessions by their recorded id, and back.
    private readonly Dictionary<string, string> _live = [];
    private readonly Dictionary<string, string> _recordedIds = [];

    /// <summary>What the agent wrote of its own accord about a session or about none, without the requests.</summary>
    public string[] Recorded(string? session) =>
        [.. _recorded.Where(line => IsFromAgent(line) && Concerns(line, session)).Select(Message)];

    public IEnumerable<string> RecordedSessions() => _recorded.Where(IsFromAgent)
        .Where(line => line.TryGetProperty("msg", out var message) && message.TryGetProperty("method", out _))
        .Select(line => SessionOf(line.GetProperty("msg"))).OfType<string>().Distinct();

    /// <summary>The answers that were recorded, by the request's id.</summary>
    public Dictionary<string, string> RecordedAnswers() => _recorded.Where(IsFromAgent)
        .Where(line => line.TryGetProperty("msg", out var message) && !message.TryGetProperty("method", out _))
        .ToDictionary(line => line.GetProperty("msg").GetProperty("id").GetRawText(), Message);

    /// <summary>The same of what came now, with the recorded ids of the sessions put back.</summary>
    public string[] Played(string? session, ReplayClient client) =>
        [.. client.Lines().Select(Restore).Where(line => Concerns(Wrap(line), session))];

    public Dictionary<string, string> PlayedAnswers(ReplayClient client) => client.Lines().Select(Restore)
        .Select(Wrap).Where(line => line.TryGetProperty("msg", out var message) && !message.TryGetProperty("method", out _))
        .ToDictionary(line => line.GetProperty("msg").GetProperty("id").GetRawText(), Message);

    public async Task DriveAsync(ReplayClient client)
    {
        var replies = RecordedReplies();
        client.Reply = request => request.GetProperty("method").GetString() is var method and not "session/request_permission"
            ? replies[method!].Dequeue() : ReplayClient.Allow(request);

        var open = new Dictionary<string, Task>();
        foreach (var line in _recorded)
        {
            if (!line.TryGetProperty("msg", out var message) || !message.TryGetProperty("id", out var idElement))
                continue;
            var id = idElement.GetRawText();
            var hasMethod = message.TryGetProperty("method", out var method);
            if (IsFromAgent(line))
            {
                // The next request is sent when this one had been answered, not earlier and not later.
                if (!hasMethod && open.Remove(id, out var answered))
                    await answered.WaitAsync(ReplayClient.Limit);
            }
            else if (hasMethod)
            {
                open.Add(id, SendAsync(client, method.GetString()!, message.GetProperty("params").GetRawText(), id));
            }
        }

        await Task.WhenAll(open.Values).WaitAsync(ReplayClient.Limit);
        var expected = RecordedSessions().Append(null).Sum(session => Recorded(session).Length);
        await client.UntilAsync(_ => RecordedSessions().Append(null).Sum(session => Played(session, client).Length) >= expected);
    }

    private async Task SendAsync(ReplayClient client, string method, string parameters, string id)
    {
        foreach (var (recorded, live) in _live)
            parameters = parameters.Replace(recorded, live, StringComparison.Ordinal);
        var answer = await client.CallAsync(method, parameters, id);
        if (method == "session/new" && answer.TryGetProperty("result", out var result))
        {
            using var recorded = JsonDocument.Parse(RecordedAnswers()[id]);
            var (then, now) = (SessionOf(recorded.RootElement)!, result.GetProperty("sessionId").GetString()!);
            (_live[then], _recordedIds[now]) = (now, then);
        }
    }

    private string Restore(string line)
    {
        foreach (var (live, recorded) in _recordedIds)
            line = line.Replace(live, recorded, StringComparison.Ordinal);
        return line;
    }

    private Dictionary<string, Queue<string>> RecordedReplies()
    {
        var asked = new Dictionary<string, string>();
        var replies = new Dictionary<string, Queue<string>>();
        foreach (var line in _recorded)
        {
            if (!line.TryGetProperty("msg", out var message) || !message.TryGetProperty("id", out var id))
                continue;
            var hasMethod = message.TryGetProperty("method", out var method);
            if (IsFromAgent(line) && hasMethod)
            {
                asked[id.GetRawText()] = method.GetString()!;
            }
            else if (!IsFromAgent(line) && !hasMethod && asked.Remove(id.GetRawText(), out var name))
            {
                if (!replies.TryGetValue(name, out var queue))
                    replies.Add(name, queue = new());
                queue.Enqueue(message.TryGetProperty("result", out var result)
                    ? $"\"result\":{result.GetRawText()}" : $"\"error\":{message.GetProperty("error").GetRawText()}");
            }
        }

        return replies;
    }

    private static bool Concerns(JsonElement line, string? session)
    {
        if (!line.TryGetProperty("msg", out var message))
            return session is null;
        return message.TryGetProperty("method", out var method) && !message.TryGetProperty("id", out _)
            && method.GetString() != "$/cancel_request" && SessionOf(message) == session;
    }

    private static JsonElement Wrap(string line)
    {
        try
        {
            return JsonDocument.Parse($$"""{"dir":"a2c","msg":{{line}}}""").RootElement;
        }
        catch (JsonException)
        {
            return JsonDocument.Parse($$"""{"dir":"a2c","raw":"{{JsonEncodedText.Encode(line)}}"}""").RootElement;
        }
    }

    private static bool IsFromAgent(JsonElement line) => line.GetProperty("dir").GetString() == "a2c";

    private static string Message(JsonElement line) =>
        line.TryGetProperty("msg", out var message) ? message.GetRawText() : line.GetProperty("raw").GetString()!;

    private static string? SessionOf(JsonElement message) =>
        message.TryGetProperty("params", out var body) || message.TryGetProperty("result", out body)
            ? body.ValueKind == JsonValueKind.Object && body.TryGetProperty("sessionId", out var session) ? session.GetString() : null
            : null;
}
