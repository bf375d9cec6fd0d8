using System.Globalization;
using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Protocol;

namespace Tinyvex.Requests;

/// <summary>The answer to <c>sessions.list</c>, out of an agent's own.</summary>
internal static class SessionList
{
    /// <param name="answer">What the agent answered to <c>session/list</c>.</param>
    /// <param name="threads">Threads of the agent's sessions, by the session.</param>
    public static void Write(Utf8JsonWriter json, ReadOnlyMemory<byte>? id, ReadOnlyMemory<byte> answer, Dictionary<string, string> threads)
    {
        using var document = JsonDocument.Parse(answer, JsonText.DocumentOptions);
        var root = document.RootElement;
        json.WriteStartObject();
        json.WriteString("type"u8, "tinyvex.query_result"u8);
        Replies.Id(json, id);
        json.WriteString("name"u8, AgentRequests.SessionsList);
        json.WriteStartArray("rows"u8);
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("sessions"u8, out var sessions) && sessions.ValueKind == JsonValueKind.Array)
        {
            foreach (var session in sessions.EnumerateArray())
            {
                if (session.Text("sessionId") is { } sessionId) WriteRow(json, session, sessionId, threads.GetValueOrDefault(sessionId));
            }
        }

        json.WriteEndArray();
        json.WriteString("nextPage"u8, root.Text("nextCursor"));
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, JsonElement session, string sessionId, string? threadId)
    {
        json.WriteStartObject();
        json.WriteString("sessionId"u8, sessionId);
        json.WriteString("title"u8, session.Text("title"));
        json.WriteString("workingDirectory"u8, session.Text("cwd"));
        json.WritePropertyName("updatedAt"u8);
        if (DateTimeOffset.TryParse(session.Text("updatedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) json.WriteNumberValue(at.ToUnixTimeMilliseconds());
        else json.WriteNullValue();
        json.WriteString("threadId"u8, threadId);
        json.WriteEndObject();
    }
}
