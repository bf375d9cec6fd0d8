using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>
/// A recording of ACP: what client and agent wrote, a message a line, as <c>tinyvex export</c> writes it or as it is on the wire. Lines may say who wrote
/// them, and when; where they do not, it follows from what they say.
/// </summary>
internal sealed class AcpSource(string path) : LineSource(path)
{
    /// <summary>What only an agent sends; all other methods are a client's, but for extensions, which say nothing here.</summary>
    private static readonly string[] OfAgent = ["session/update", "session/request_permission", "fs/", "terminal/", "elicitation/", "_"];

    private AcpConversations? _conversations;
    private long? _base;
    private long? _ts;

    public override string Name => "ACP recording";

    /// <summary>The JSON-RPC message that a line is or holds, or null where there is none.</summary>
    public static JsonElement? Message(JsonElement line)
    {
        if (IsRpc(line)) return line;
        foreach (var name in (string[])["msg", "message", "data", "payload"])
        {
            if (line.TryGetProperty(name, out var inner) && inner.ValueKind == JsonValueKind.Object && IsRpc(inner)) return inner;
        }

        return null;
    }

    private static bool IsRpc(JsonElement value) =>
        value.TryGetProperty("jsonrpc"u8, out var version) && version.ValueKind == JsonValueKind.String && version.ValueEquals("2.0"u8);

    protected override async Task<string?> LineAsync(ImportSink sink, JsonElement line, long number)
    {
        if (_conversations is null)
        {
            _conversations = new AcpConversations(sink, line.GetRawText());
            _base = AcpTimes.Base(FilePath);
        }

        // What an agent wrote that was no message is no part of the conversation.
        if (Message(line) is not { } message) return line.TryGetProperty("raw"u8, out _) ? null : "holds no JSON-RPC message";
        _ts = TimeOf(line) ?? _ts;
        var id = message.TryGetProperty("id"u8, out var given) ? given.GetRawText() : null;
        if (message.Text("method") is { } method)
        {
            message.TryGetProperty("params"u8, out var parameters);
            return IsOfClient(line) ?? !Array.Exists(OfAgent, of => method.StartsWith(of, StringComparison.Ordinal))
                ? await _conversations.OfClientAsync(_ts, method, id, parameters)
                : await _conversations.OfAgentAsync(_ts, method, id, parameters);
        }

        if (id is null) return "has neither a method nor an id";
        if (IsOfClient(line) ?? _conversations.IsAnswerOfClient(id, message)) await _conversations.AnsweredByClientAsync(_ts, id, message);
        else await _conversations.AnsweredByAgentAsync(_ts, id, message);
        return null;
    }

    protected override Task EndAsync(ImportSink sink) => _conversations?.EndAsync(_ts) ?? Task.CompletedTask;

    private static bool? IsOfClient(JsonElement line) => line.Text("dir") switch { "c2a" => true, "a2c" => false, _ => null };

    /// <summary>By the clock, or by the time since the recording began.</summary>
    private long? TimeOf(JsonElement line) =>
        Time(line, "ts") ?? Time(line, "timestamp") ?? Time(line, "time") ?? (_base is { } begun && AcpTimes.SinceBegin(line) is { } since ? begun + since : null);
}
