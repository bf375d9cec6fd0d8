using System.Globalization;
using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.CodexExec;

/// <summary>Turns codex's items into updates: text as it grows, and calls from their beginning to their end.</summary>
/// <param name="turn">What the ids of the turn begin with: codex counts its items anew in each process, and a thread has each id once.</param>
internal sealed class ItemTranslator(UpdateWriter updates, FileChanges changes, string turn)
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ended = new(StringComparer.Ordinal);
    private readonly ToolCalls _calls = new(updates, turn);
    private int _unnamed;

    public void Handle(JsonElement item, bool isCompleted)
    {
        var id = IdOf(item);
        var type = TypeOf(item);
        switch (type)
        {
            case "agent_message" or "assistant_message" or "plan":
                SetText(UpdateWriter.Message, id, item.Text("text") ?? "");
                break;
            case "reasoning":
                SetText(UpdateWriter.Thought, id, item.Text("text") ?? "");
                break;
            case "error":
                SetText(UpdateWriter.Message, id, item.Text("message") ?? item.Text("text") ?? "");
                break;
            case "todo_list":
                Plan(item.Items("items").Select(entry =>
                    (entry.Text("text") ?? "", entry.Field("completed")?.ValueKind == JsonValueKind.True ? "completed" : "pending")));
                break;
            case "command_execution":
                Command(id, item, isCompleted);
                break;
            case "file_change":
                FileChange(id, item, isCompleted);
                break;
            case "mcp_tool_call":
                McpCall(id, item, isCompleted);
                break;
            case "collab_tool_call":
                CollabCall(id, item, isCompleted);
                break;
            case "web_search":
                WebSearch(id, item, isCompleted);
                break;
            default:
                // A kind of a later version: shown as what it is, with all that it says.
                _calls.Send(id, type ?? "item", "other", Status(item, isCompleted), json => Raw(json, "rawInput", item));
                break;
        }
    }

    /// <summary>An item whose text is what was added to it.</summary>
    public void Append(JsonElement item)
    {
        var text = item.Text("text") ?? item.Text("delta") ?? "";
        AppendText(TypeOf(item) == "reasoning" ? UpdateWriter.Thought : UpdateWriter.Message, IdOf(item), text);
    }

    public void AppendText(string kind, string id, string text)
    {
        _texts[kind + id] = _texts.GetValueOrDefault(kind + id, "") + text;
        updates.SendText(kind, turn + id, text);
    }

    /// <summary>The whole text of a message so far; only what is new of it is sent.</summary>
    public void SetText(string kind, string id, string text)
    {
        var before = _texts.GetValueOrDefault(kind + id, "");
        if (!text.StartsWith(before, StringComparison.Ordinal))
        {
            // Rewritten, which cannot be said of a message that was sent: it is another one then.
            (before, id) = ("", $"{id}-{++_unnamed}");
        }

        _texts[kind + id] = text;
        updates.SendText(kind, turn + id, text[before.Length..]);
    }

    /// <summary>More of a message that nothing names: there is one of each kind at a time.</summary>
    public void AppendUnnamed(string kind, string text) => AppendText(kind, Unnamed(kind), text);

    /// <summary>The whole of it; what comes next is another message.</summary>
    public void EndUnnamed(string kind, string text)
    {
        SetText(kind, Unnamed(kind), text);
        _ended[kind] = _ended.GetValueOrDefault(kind) + 1;
    }

    private string Unnamed(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{_ended.GetValueOrDefault(kind)}");

    public void Plan(IEnumerable<(string Content, string Status)> entries) => updates.Send("plan", json =>
    {
        json.WriteStartArray("entries"u8);
        foreach (var (content, status) in entries)
        {
            json.WriteStartObject();
            json.WriteString("content"u8, content);
            json.WriteString("priority"u8, "medium"u8);
            json.WriteString("status"u8, status);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public void EndOpenCalls() => _calls.EndOpen();

    /// <summary>A command as an item of today has it; older events are brought into the same shape.</summary>
    public void Command(string id, string command, string output, long? exitCode, string status)
    {
        _calls.Send(id, ShellCommand.Inner(command), "execute", status, json =>
        {
            json.WriteStartObject("rawInput"u8);
            json.WriteString("command"u8, command);
            json.WriteEndObject();
            if (output.Length > 0) ToolCalls.WriteText(json, output);
            WriteExitCode(json, exitCode);
        });
    }

    public void Files(string id, IReadOnlyList<FileChange> files, string status, bool isCompleted)
    {
        var title = files is [var only] ? $"{only.Verb} {Path.GetFileName(only.Path)}" : $"Change {files.Count} files";
        var kind = files.Count > 0 && files.All(file => file.Verb == "Delete") ? "delete" : "edit";
        if (!isCompleted) changes.Remember(files);
        _calls.Send(id, title, kind, status, json =>
        {
            json.WriteStartArray("locations"u8);
            foreach (var file in files)
            {
                json.WriteStartObject();
                json.WriteString("path"u8, file.Path);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (isCompleted && status == "completed") changes.WriteDiffs(json, files);
        });
    }

    public void EndCommand(string id, string output, long? exitCode, string status) => _calls.Update(id, status, json =>
    {
        if (output.Length > 0) ToolCalls.WriteText(json, output);
        WriteExitCode(json, exitCode);
    });

    public void BeginCall(string id, string title, string kind, JsonElement input) =>
        _calls.Send(id, title, kind, "in_progress", json => Raw(json, "rawInput", input));

    public void EndCall(string id, string status, string? title = null) => _calls.Update(id, status, json =>
    {
        if (title is not null) json.WriteString("title"u8, title);
    });

    private void Command(string id, JsonElement item, bool isCompleted) => Command(
        id, item.Text("command") ?? "", item.Text("aggregated_output") ?? "", item.Number("exit_code"), Status(item, isCompleted));

    private void FileChange(string id, JsonElement item, bool isCompleted) =>
        Files(id, [.. item.Items("changes").Select(CodexExec.FileChange.Read)], Status(item, isCompleted), isCompleted);

    private void McpCall(string id, JsonElement item, bool isCompleted) => _calls.Send(
        id, $"{item.Text("server")}.{item.Text("tool")}", "other", Status(item, isCompleted), json =>
        {
            if (item.Field("arguments") is { } arguments) Raw(json, "rawInput", arguments);
            if (item.Field("error")?.Text("message") is { } error) ToolCalls.WriteText(json, error);
            else if (item.Field("result") is { } result) ToolCalls.WriteBlocks(json, result);
            if ((item.Field("result") ?? item.Field("error")) is { } output) Raw(json, "rawOutput", output);
        });

    private void CollabCall(string id, JsonElement item, bool isCompleted) => _calls.Send(
        id, item.Text("tool")?.Replace('_', ' ') ?? "agents", "other", Status(item, isCompleted), json =>
        {
            Raw(json, "rawInput", item);
            var said = item.Field("agents_states") is { ValueKind: JsonValueKind.Object } states
                ? string.Join("\n\n", states.EnumerateObject().Select(state => state.Value.Text("message")).Where(text => text is not null))
                : "";
            if (said.Length == 0) said = item.Text("prompt") ?? "";
            if (said.Length > 0) ToolCalls.WriteText(json, said);
        });

    private void WebSearch(string id, JsonElement item, bool isCompleted)
    {
        var action = item.Field("action") ?? default;
        var url = action.Text("url");
        var (title, kind) = action.Text("type") switch
        {
            "open_page" when url is not null => ($"Open {url}", "fetch"),
            "find_in_page" when url is not null => ($"Find {action.Text("pattern")} in {url}", "fetch"),
            _ => ($"Web search: {(item.Text("query") is { Length: > 0 } query ? query : action.Text("query"))}".TrimEnd(' ', ':'), "search"),
        };
        _calls.Send(id, title, kind, isCompleted ? "completed" : "in_progress", json => Raw(json, "rawInput", item));
    }

    private static void WriteExitCode(Utf8JsonWriter json, long? exitCode)
    {
        if (exitCode is null) return;
        json.WriteStartObject("rawOutput"u8);
        json.WriteNumber("exitCode"u8, exitCode.Value);
        json.WriteEndObject();
    }

    private static string Status(JsonElement item, bool isCompleted) => item.Text("status") switch
    {
        "failed" or "declined" => "failed",
        "completed" => "completed",
        _ => isCompleted ? item.Number("exit_code") is null or 0 ? "completed" : "failed" : "in_progress",
    };

    private static string? TypeOf(JsonElement item) => item.Text("type") ?? item.Text("item_type");

    /// <summary>Its first id: a search has another one, which is the model's, under the same name.</summary>
    private string IdOf(JsonElement item)
    {
        foreach (var field in item.EnumerateObject())
        {
            if (field.NameEquals("id"u8) && field.Value.ValueKind == JsonValueKind.String && field.Value.GetString() is { Length: > 0 } id) return id;
        }

        return $"{TypeOf(item)}-{++_unnamed}";
    }

    private static void Raw(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
    }
}
