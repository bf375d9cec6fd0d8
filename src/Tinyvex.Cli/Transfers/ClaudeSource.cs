using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>A session of Claude Code, as it keeps it in <c>~/.claude/projects</c>: a message, or a part of one, a line.</summary>
internal sealed class ClaudeSource(string path) : LineSource(path)
{
    private const string Interrupted = "[Request interrupted by user";

    /// <summary>Calls whose result says nothing new: it is a plan, or of an edit whose diff is there already.</summary>
    private readonly HashSet<string> _plans = new(StringComparer.Ordinal), _edits = new(StringComparer.Ordinal);
    private ThreadImport? _thread;
    private string? _run;
    private int _turns;
    private string? _stopReason;
    private bool _isInterrupted;
    private long? _ts;

    public override string Name => "Claude Code session";

    protected override async Task<string?> LineAsync(ImportSink sink, JsonElement line, long number)
    {
        if (line.Text("type") is not (("user" or "assistant") and var type)) return null;
        // What a subagent says to itself is no part of the conversation; nor is what the program adds for the model.
        if (line.Is("isSidechain") || line.Is("isMeta")) return null;
        if (line.Text("sessionId") is not { Length: > 0 } session) return "has no session id";
        if (!line.TryGetProperty("message"u8, out var message) || message.ValueKind != JsonValueKind.Object) return "has no message";
        var before = _ts;
        _ts = Time(line, "timestamp") ?? _ts;
        _thread ??= sink.Open("import-claude-" + session, new ThreadFacts { Source = "claude-code", WorkingDirectory = line.Text("cwd"), ResumeId = session, CreatedAt = _ts });
        if (type == "user") await UserAsync(message, before);
        else await AssistantAsync(message);
        return null;
    }

    protected override async Task EndAsync(ImportSink sink)
    {
        if (_thread is null) return;
        // A file has no end of a turn, so the last one is over where the model said so.
        if (_run is null) await sink.EndAsync(_thread, Entries.Finalize(_ts));
        else await sink.EndAsync(_thread, _stopReason is null or "tool_use" && !_isInterrupted ? Entries.CutOff(_ts, _run) : TurnEnd(_ts));
    }

    private async Task UserAsync(JsonElement message, long? before)
    {
        var blocks = message.Items("content").ToList();
        foreach (var result in blocks.Where(block => block.Text("type") == "tool_result" && block.Text("tool_use_id") is { } id && !_plans.Remove(id))) await _thread!.AddAsync(Result(result));
        var said = blocks.Where(block => block.Text("type") is "text" or "image").ToList();
        var text = message.Text("content");
        if (said.Count == 0 && string.IsNullOrEmpty(text)) return;
        if ((text ?? said[0].Text("text"))?.StartsWith(Interrupted, StringComparison.Ordinal) == true)
        {
            _isInterrupted = true;
            return;
        }

        if (_run is not null) await _thread!.AddAsync(TurnEnd(before));
        (_run, _stopReason, _isInterrupted) = ($"{_thread!.ThreadId}-{++_turns}", null, false);
        await _thread.AddAsync(Entries.Begin(_ts, _run, null, Entries.Json(json =>
        {
            json.WriteStartArray();
            if (text is not null) ClaudeBlocks.Text(json, text);
            foreach (var block in said) ClaudeBlocks.Write(json, block);
            json.WriteEndArray();
        })));
    }

    private async Task AssistantAsync(JsonElement message)
    {
        _stopReason = message.Text("stop_reason") ?? _stopReason;
        foreach (var block in message.Items("content"))
        {
            switch (block.Text("type"))
            {
                case "text":
                    await SayAsync("agent_message_chunk", block.Text("text"));
                    break;
                case "thinking":
                    await SayAsync("agent_thought_chunk", block.Text("thinking"));
                    break;
                case "tool_use" when block.Text("id") is { } id:
                    if (ClaudeTools.IsPlan(block)) _plans.Add(id);
                    if (ClaudeTools.Edits(block).Count > 0) _edits.Add(id);
                    await _thread!.AddAsync(ClaudeTools.Call(_ts, id, block));
                    break;
            }
        }
    }

    private async Task SayAsync(string kind, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        await _thread!.AddAsync(Entries.Text(_ts, kind, text));
        await _thread.AddAsync(Entries.Finalize(_ts));
    }

    private Entry Result(JsonElement result) => Entries.Update(_ts, "tool_call_update", json =>
    {
        json.WriteString("toolCallId"u8, result.Text("tool_use_id"));
        json.WriteString("status"u8, result.Is("is_error") ? "failed"u8 : "completed"u8);
        if (!result.TryGetProperty("content"u8, out var content) || content.ValueKind == JsonValueKind.Null) return;
        Entries.Raw(json, "rawOutput", content);
        if (_edits.Remove(result.Text("tool_use_id")!) && !result.Is("is_error")) return;
        json.WriteStartArray("content"u8);
        if (content.ValueKind == JsonValueKind.String) Part(block => ClaudeBlocks.Text(block, content.GetString()!));
        foreach (var block in result.Items("content").Where(block => block.Text("type") is "text" or "image")) Part(part => ClaudeBlocks.Write(part, block));
        json.WriteEndArray();

        void Part(Action<Utf8JsonWriter> block)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "content"u8);
            json.WritePropertyName("content"u8);
            block(json);
            json.WriteEndObject();
        }
    });

    private Entry TurnEnd(long? ts) => _isInterrupted || _stopReason is null or "tool_use"
        ? Entries.End(ts, _run!, "cancelled", "cancelled")
        : Entries.End(ts, _run!, "completed", _stopReason is ("max_tokens" or "refusal") and var stopped ? stopped : "end_turn");
}
