using System.Text.Json;

namespace Tinyvex.Tests.Support;

/// <summary>What tests say over the wire again and again.</summary>
internal static class Wire
{
    /// <summary>A text as a JSON string.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>An ACP update that carries a chunk of text.</summary>
    public static string Chunk(string text, string kind = "agent_message_chunk", string? messageId = null) =>
        $$"""{"sessionUpdate":"{{kind}}","content":{"type":"text","text":{{Quote(text)}}}{{(messageId is null ? "" : $",\"messageId\":{Quote(messageId)}")}}}""";

    /// <summary>The fields of an ingest of one or more updates.</summary>
    public static string Ingest(string threadId, params string[] updates) =>
        $"\"control\":\"tvx.ingest\",\"provider\":\"host\",\"threadId\":{Quote(threadId)},\"updates\":[{string.Join(',', updates)}]";

    /// <summary>Ingests updates and expects the ack.</summary>
    public static Task<JsonElement> IngestAsync(this TestClient client, string threadId, params string[] updates) =>
        client.AckedAsync(Ingest(threadId, updates));

    /// <summary>Sends a request and expects an ack.</summary>
    public static async Task<JsonElement> AckedAsync(this TestClient client, string fields)
    {
        var reply = await client.RequestAsync(fields);
        await Assert.That(reply.Text("type")).IsEqualTo("tinyvex.ack").Because(reply.GetRawText());
        return reply;
    }

    /// <summary>Sends a request, expects an error, and answers its code.</summary>
    public static async Task<string> RefusedAsync(this TestClient client, string fields)
    {
        var reply = await client.RequestAsync(fields);
        await Assert.That(reply.Text("type")).IsEqualTo("tinyvex.error").Because($"{Shorten(fields)} → {Shorten(reply.GetRawText())}");
        await Assert.That(reply.Text("message")).IsNotEmpty();
        return reply.Text("code");
    }

    /// <summary>Asks a query; <paramref name="args"/> are the fields of its arguments.</summary>
    public static Task<JsonElement> QueryAsync(this TestClient client, string name, string args = "") =>
        client.RequestAsync($"\"control\":\"tvx.query\",\"name\":\"{name}\",\"args\":{{{args}}}");

    /// <summary>The rows of a query about a thread.</summary>
    public static async Task<JsonElement[]> RowsAsync(this TestClient client, string name, string? threadId = null, string more = "")
    {
        var reply = await client.QueryAsync(name, (threadId is null ? "\"limit\":1000" : $"\"threadId\":{Quote(threadId)},\"limit\":1000") + more);
        await Assert.That(reply.Text("type")).IsEqualTo("tinyvex.query_result").Because(Shorten(reply.GetRawText()));
        return [.. reply.GetProperty("rows").EnumerateArray()];
    }

    /// <summary>Subscribes and answers the snapshot.</summary>
    public static async Task<JsonElement> SubscribeAsync(this TestClient client, string stream, string? threadId = null, string more = "")
    {
        var thread = threadId is null ? "" : $",\"threadId\":{Quote(threadId)}";
        var snapshot = await client.RequestAsync($"\"control\":\"tvx.subscribe\",\"stream\":\"{stream}\"{thread}{more}");
        await Assert.That(snapshot.Text("type")).IsEqualTo("tinyvex.snapshot").Because(Shorten(snapshot.GetRawText()));
        return snapshot;
    }

    /// <summary>A field that is text, or null all the same.</summary>
    public static string Text(this JsonElement element, string field) => element.GetProperty(field).GetString()!;

    /// <summary>Texts as one, for comparing lists in order.</summary>
    public static string Lines(this IEnumerable<string?> texts) => string.Join('\n', texts.Select(text => text ?? "null"));

    public static long Number(this JsonElement element, string field) => element.GetProperty(field).GetInt64();

    public static bool Has(this JsonElement element, string field) => element.TryGetProperty(field, out _);

    public static string Shorten(string text) => text.Length > 500 ? text[..500] + "…" : text;
}
