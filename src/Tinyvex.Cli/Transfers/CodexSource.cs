using System.Text;
using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>A session of Codex, as it keeps it in <c>~/.codex/sessions</c>: what it sent to the model and got from it, and what happened meanwhile.</summary>
internal sealed class CodexSource(string path) : LineSource(path)
{
    /// <summary>Calls whose output says nothing new: it is a plan, or of an edit whose diff is there already.</summary>
    private readonly HashSet<string> _plans = new(StringComparer.Ordinal), _changed = new(StringComparer.Ordinal), _undone = new(StringComparer.Ordinal);
    private ThreadImport? _thread;
    private string? _run;
    private int _turns;
    private long? _ts;

    public override string Name => "Codex session";

    protected override async Task<string?> LineAsync(ImportSink sink, JsonElement line, long number)
    {
        if (!line.TryGetProperty("payload"u8, out var payload) || payload.ValueKind != JsonValueKind.Object) return "has no payload";
        _ts = Time(line, "timestamp") ?? _ts;
        var type = line.Text("type");
        if (type == "session_meta" && _thread is null)
        {
            if (payload.Text("id") is not { Length: > 0 } id) return "has no session id";
            _thread = sink.Open("import-codex-" + id, new ThreadFacts { Source = "codex", WorkingDirectory = payload.Text("cwd"), ResumeId = id, CreatedAt = _ts });
            return null;
        }

        if (_thread is null) return "stands before the session's own line (session_meta)";
        // A session that goes on from another one has lines of its own for that; they are told apart by their types.
        switch (type)
        {
            case "response_item":
                await ItemAsync(payload);
                break;
            case "event_msg":
                await EventAsync(payload);
                break;
        }

        return null;
    }

    protected override async Task EndAsync(ImportSink sink)
    {
        if (_thread is not null) await sink.EndAsync(_thread, _run is null ? [Entries.Finalize(_ts)] : [Entries.CutOff(_ts, _run)]);
    }

    private async Task ItemAsync(JsonElement item)
    {
        switch (item.Text("type"))
        {
            case "message" when item.Text("role") == "assistant":
                await SayAsync("agent_message_chunk", string.Concat(item.Items("content").Select(part => part.Text("text"))));
                break;
            case "reasoning":
                await SayAsync("agent_thought_chunk", string.Join("\n\n", item.Items("summary").Concat(item.Items("content")).Select(part => part.Text("text"))));
                break;
            case "function_call" or "custom_tool_call" when item.Text("call_id") is { } id:
                await CallAsync(id, item.Text("name") ?? "tool", item.Text("arguments") ?? item.Text("input") ?? "");
                break;
            case "function_call_output" or "custom_tool_call_output" when item.Text("call_id") is { } id:
                await ResultAsync(id, item);
                break;
            case "local_shell_call" when item.Text("call_id") is { } id && item.TryGetProperty("action"u8, out var action):
                await CallAsync(id, "shell", action.GetRawText());
                break;
        }
    }

    private async Task EventAsync(JsonElement happened)
    {
        switch (happened.Text("type"))
        {
            case "user_message" when happened.Text("message") is { Length: > 0 } text:
                await PromptAsync([text]);
                break;
            case "item_completed" when happened.TryGetProperty("item"u8, out var item):
                if (item.Text("type") == "UserMessage") await PromptAsync([.. item.Items("content").Select(part => part.Text("text")).Where(text => !string.IsNullOrEmpty(text)).Cast<string>()]);
                else if (item.Text("type") == "FileChange" && item.Text("id") is { } id && CodexChanges.Content(item) is { } content) await UpdateCallAsync(id, content, item.Text("status"));
                break;
            case "task_complete" or "turn_complete":
                await EndTurnAsync("completed", "end_turn");
                break;
            case "turn_aborted":
                await EndTurnAsync("cancelled", "cancelled");
                break;
        }
    }

    private async Task PromptAsync(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        if (_run is not null)
        {
            // Said while the agent worked.
            foreach (var text in texts) await _thread!.AddAsync(Entries.Text(_ts, "user_message_chunk", text));
            return;
        }

        _run = $"{_thread!.ThreadId}-{++_turns}";
        await _thread.AddAsync(Entries.Begin(_ts, _run, null, Entries.Json(json =>
        {
            json.WriteStartArray();
            foreach (var text in texts)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        })));
    }

    private async Task EndTurnAsync(string status, string stopReason)
    {
        if (_run is null) return;
        await _thread!.AddAsync(Entries.End(_ts, _run, status, stopReason));
        _run = null;
    }

    /// <summary>A message is whole here, so the next one is another.</summary>
    private async Task SayAsync(string kind, string text)
    {
        if (text.Length == 0) return;
        await _thread!.AddAsync(Entries.Text(_ts, kind, text));
        await _thread.AddAsync(Entries.Finalize(_ts));
    }

    private async Task CallAsync(string id, string name, string input)
    {
        using var arguments = Parse(input);
        if (name == "update_plan" && arguments?.RootElement.Items("plan").ToList() is { Count: > 0 } steps)
        {
            _plans.Add(id);
            await _thread!.AddAsync(Plan(steps));
            return;
        }

        var command = arguments is null ? null : Command(arguments.RootElement);
        var isPatch = name == "apply_patch" || command?.StartsWith("apply_patch", StringComparison.Ordinal) == true;
        await _thread!.AddAsync(Entries.Update(_ts, "tool_call", json =>
        {
            json.WriteString("toolCallId"u8, id);
            json.WriteString("title"u8, isPatch ? "Edit files" : command ?? name);
            json.WriteString("kind"u8, isPatch ? "edit" : command is not null ? "execute" : name == "web_search" ? "search" : "other");
            json.WriteString("status"u8, "in_progress"u8);
            if (arguments is not null) Entries.Raw(json, "rawInput", arguments.RootElement);
            else json.WriteString("rawInput"u8, input);
        }));
    }

    private Entry Plan(IReadOnlyList<JsonElement> steps) => Entries.Update(_ts, "plan", json =>
    {
        json.WriteStartArray("entries"u8);
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("content"u8, step.Text("step") ?? "");
            json.WriteString("priority"u8, "medium"u8);
            json.WriteString("status"u8, step.Text("status") is ("in_progress" or "completed") and var status ? status : "pending");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private async Task ResultAsync(string id, JsonElement item)
    {
        if (_plans.Remove(id)) return;
        item.TryGetProperty("output"u8, out var output);
        var text = output.ValueKind == JsonValueKind.String ? output.GetString()! : output.Text("content") ?? "";
        var failed = (output.ValueKind == JsonValueKind.Object && output.TryGetProperty("success"u8, out var success) && success.ValueKind == JsonValueKind.False) || CodexOutput.Failed(ref text);
        failed |= _undone.Remove(id);
        await _thread!.AddAsync(Entries.Update(_ts, "tool_call_update", json =>
        {
            json.WriteString("toolCallId"u8, id);
            json.WriteString("status"u8, failed ? "failed"u8 : "completed"u8);
            if (output.ValueKind != JsonValueKind.Undefined) Entries.Raw(json, "rawOutput", output);
            if (_changed.Remove(id) || text.Length == 0) return;
            json.WriteStartArray("content"u8);
            json.WriteRawValue(ToolText(text).Span, skipInputValidation: true);
            json.WriteEndArray();
        }));
    }

    private async Task UpdateCallAsync(string id, ReadOnlyMemory<byte> content, string? status)
    {
        _changed.Add(id);
        if (status is "declined" or "failed") _undone.Add(id);
        await _thread!.AddAsync(Entries.Update(_ts, "tool_call_update", json =>
        {
            json.WriteString("toolCallId"u8, id);
            json.WriteString("kind"u8, "edit"u8);
            json.WritePropertyName("content"u8);
            json.WriteRawValue(content.Span, skipInputValidation: true);
        }));
    }

    private static ReadOnlyMemory<byte> ToolText(string text) => Entries.Object(json =>
    {
        json.WriteString("type"u8, "content"u8);
        json.WriteStartObject("content"u8);
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    });

    /// <summary>A command as text, or in words as <c>["bash","-lc","ls"]</c>.</summary>
    private static string? Command(JsonElement arguments)
    {
        if ((arguments.Text("cmd") ?? arguments.Text("command")) is { } line) return line;
        var words = arguments.Items("command").Select(word => word.ValueKind == JsonValueKind.String ? word.GetString()! : "").ToList();
        return words.Count == 0 ? null : words is [_, "-lc" or "-c", var script] ? script : string.Join(' ', words);
    }

    private static JsonDocument? Parse(string json)
    {
        try
        {
            var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json), new JsonDocumentOptions { MaxDepth = 64 });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            // A tool may take any text.
            return null;
        }
    }
}
